import { Select, Switch } from '@radix-ui/themes';
import { type ReactNode, useEffect, useState } from 'react';
import { durationInWords } from '../core/dates.ts';
import { problemElsewhere, problemWith } from '../core/problems.ts';
import { type Settings, useUpdateApplication, useUpdateSettings } from '../environments/queries.ts';
import { FieldProblem, SettingRow, TextInput } from '../parts/field.tsx';
import { Section } from '../parts/page.tsx';
import { SaveBar } from '../parts/save-bar.tsx';
import { toast } from '../parts/toast.tsx';
import { DurationField } from './duration-field.tsx';
import { FeaturesSection, featureFields } from './features.tsx';

/** The API speaks of its fields and of seconds; here stand their labels and the units one chooses. */
function inWords(problem: string | undefined): string | undefined {
  return problem
    ?.replaceAll(/'(\w+)'/g, (quoted, name) => durations.find(({ field }) => field === name)?.label ?? quoted)
    .replace(/(\d+) and (\d+) seconds/, (_, least, most) =>
      [least, most].map((seconds) => durationInWords(Number(seconds))).join(' and '),
    );
}

type Draft = { readonly name: string } & Omit<Settings, 'strict_redirects'>;

const durations = [
  {
    field: 'access_token_seconds',
    label: 'Access token',
    about: 'How long an application trusts a token without asking. Short, because it cannot be taken back.',
  },
  {
    field: 'session_idle_seconds',
    label: 'Inactivity',
    about: 'A session that nobody uses for this long ends.',
  },
  {
    field: 'session_max_seconds',
    label: 'Maximum',
    about: 'After this long, everybody signs in again.',
  },
] as const;

const namesAtSignUp = [
  { value: 'off', text: 'Not asked' },
  { value: 'optional', text: 'Asked, optional' },
  { value: 'required', text: 'Asked, required' },
] as const;

const fields = [
  'name',
  'require_email_verification',
  'sign_up_names',
  ...durations.map(({ field }) => field),
  ...featureFields,
];

/** The page's settings as one group: changed together, saved together. */
export function SettingsForm({ saved }: { saved: Draft }) {
  const [changes, setChanges] = useState<Partial<Draft>>({});
  const application = useUpdateApplication();
  const settings = useUpdateSettings();
  const draft = { ...saved, ...changes };
  const dirty = fields.some((field) => draft[field as keyof Draft] !== saved[field as keyof Draft]);
  const error = application.error ?? settings.error;
  useEffect(() => {
    if (error) document.querySelector<HTMLElement>('main [aria-invalid="true"]')?.focus();
  }, [error]);
  const change = (part: Partial<Draft>) => {
    setChanges((before) => ({ ...before, ...part }));
    application.reset();
    settings.reset();
  };

  async function save() {
    const { name, require_email_verification, sign_up_names } = draft;
    const { access_token_seconds, session_idle_seconds, session_max_seconds } = draft;
    const { impersonation, device_authorization } = draft;
    try {
      await settings.mutateAsync({
        require_email_verification,
        sign_up_names,
        access_token_seconds,
        session_idle_seconds,
        session_max_seconds,
        impersonation,
        device_authorization,
      });
      if (name !== saved.name) await application.mutateAsync({ name: name.trim() });
      setChanges({});
      toast('Changes saved');
    } catch {
      // error above holds it; what was typed stays where it is.
    }
  }

  return (
    <>
      <SignUp draft={draft} onChange={change} problem={problemWith(error, 'sign_up_names')} />
      <Sessions draft={draft} onChange={change} error={error} />
      <FeaturesSection draft={draft} onChange={change} />
      <Section id="application" title="Application" about="The name people see on the sign-in page and in mails.">
        <div className="add-line">
          <TextInput
            data-first
            label="Application name"
            autoComplete="off"
            value={draft.name}
            onChange={(event) => change({ name: event.target.value })}
            problem={problemWith(error, 'name')}
          />
        </div>
      </Section>
      <SaveBar
        dirty={dirty}
        saving={application.isPending || settings.isPending}
        problem={error ? (problemElsewhere(error, fields) ?? 'Some settings need another look.') : undefined}
        onSave={save}
        onDiscard={() => {
          setChanges({});
          application.reset();
          settings.reset();
        }}
      />
    </>
  );
}

interface PartProps {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
}

function SignUp({ draft, onChange, problem }: PartProps & { problem: string | undefined }) {
  return (
    <Section id="sign-up" title="Sign-up">
      <SettingRow
        id="require-verification"
        label="Require email verification"
        about="A six-digit code by mail must be entered before the first session begins."
      >
        <Switch
          id="require-verification"
          data-first
          aria-describedby="require-verification-about"
          checked={draft.require_email_verification}
          onCheckedChange={(require_email_verification) => onChange({ require_email_verification })}
        />
      </SettingRow>
      <SettingRow id="names" label="Names at sign-up" about="Whether the sign-up page asks for first and last name.">
        <Select.Root
          value={draft.sign_up_names}
          onValueChange={(value) => onChange({ sign_up_names: value as Draft['sign_up_names'] })}
        >
          <Select.Trigger id="names" aria-describedby="names-about" className="checker-list" />
          <Select.Content position="popper" align="end">
            {namesAtSignUp.map(({ value, text }) => (
              <Select.Item key={value} value={value}>
                {text}
              </Select.Item>
            ))}
          </Select.Content>
        </Select.Root>
      </SettingRow>
      {problem ? <FieldProblem>{problem}</FieldProblem> : null}
    </Section>
  );
}

function Sessions({ draft, onChange, error }: PartProps & { error: unknown }) {
  return (
    <Section id="sessions" title="Session durations">
      {durations.map(({ field, label, about }): ReactNode => {
        const problem = inWords(problemWith(error, field));
        return (
          <SettingRow
            key={field}
            id={field}
            label={label}
            about={
              <>
                {about}
                {problem ? <FieldProblem>{problem}</FieldProblem> : null}
              </>
            }
          >
            <DurationField
              id={field}
              label={label}
              seconds={draft[field]}
              onChange={(seconds) => onChange({ [field]: seconds })}
              invalid={problem !== undefined}
            />
          </SettingRow>
        );
      })}
    </Section>
  );
}
