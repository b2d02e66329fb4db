import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { durationInWords } from '../core/dates.ts';
import { problemElsewhere, problemWith } from '../core/problems.ts';
import { useCustomDomains } from '../environments/domain-queries.ts';
import { useUpdateApplication, useUpdateSettings } from '../environments/queries.ts';
import { FieldProblem, SettingRow, TextInput } from '../parts/field.tsx';
import { useFocusOnProblem } from '../parts/focus-on-problem.ts';
import { Section } from '../parts/page.tsx';
import { SaveBar } from '../parts/save-bar.tsx';
import { toast } from '../parts/toast.tsx';
import { DurationField } from './duration-field.tsx';
import { SettingControl } from './setting-control.tsx';
import { type Settings, settingFields, settingSections } from './setting-rows.ts';

/** The API speaks of its fields and of seconds; here stand their labels and the units one chooses. */
function inWords(problem: string | undefined): string | undefined {
  return problem
    ?.replaceAll(/'(\w+)'/g, (quoted, name) => labels.get(name) ?? quoted)
    .replace(/(\d+) and (\d+) seconds/, (_, least, most) =>
      [least, most].map((seconds) => durationInWords(Number(seconds))).join(' and '),
    );
}

type Draft = { readonly name: string } & Settings;

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

const labels: ReadonlyMap<string, string> = new Map(
  [...settingSections.flatMap(({ rows }) => rows), ...durations].map(({ field, label }) => [field, label]),
);

const fields = ['name', ...settingFields, ...durations.map(({ field }) => field)];

/** The page's settings as one group: changed together, saved together. */
export function SettingsForm({ saved }: { saved: Draft }) {
  const [changes, setChanges] = useState<Partial<Draft>>({});
  const application = useUpdateApplication();
  const settings = useUpdateSettings();
  const draft = { ...saved, ...changes };
  const dirty = fields.some((field) => draft[field as keyof Draft] !== saved[field as keyof Draft]);
  const error = application.error ?? settings.error;
  useFocusOnProblem(error);
  const change = (part: Partial<Draft>) => {
    setChanges((before) => ({ ...before, ...part }));
    application.reset();
    settings.reset();
  };

  async function save() {
    const { name } = draft;
    try {
      const { name: _, ...changed } = changes;
      if (Object.keys(changed).length > 0) await settings.mutateAsync(changed);
      if (name !== saved.name) await application.mutateAsync({ name: name.trim() });
      setChanges({});
      toast('Changes saved');
    } catch {
      // error above holds it; what was typed stays where it is.
    }
  }

  return (
    <>
      {settingSections.map(({ id, title, rows }) => (
        <Section key={id} id={id} title={title}>
          {rows.map((row, index) => {
            const problem = problemWith(error, row.field);
            const about = (
              <>
                {row.about}
                {row.field === 'passkey_sign_in' && draft.passkey_sign_in ? <OwnDomainFirst /> : null}
                {problem ? <FieldProblem>{inWords(problem)}</FieldProblem> : null}
              </>
            );
            return (
              <SettingRow key={row.field} id={row.field} label={row.label} about={about}>
                <SettingControl
                  row={row}
                  value={draft[row.field]}
                  onChange={change}
                  invalid={problem !== undefined}
                  isFirst={index === 0}
                />
              </SettingRow>
            );
          })}
        </Section>
      ))}
      <Sessions draft={draft} onChange={change} error={error} />
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

/** Shown where people are still sent to the server's own name. */
function OwnDomainFirst() {
  const domains = useCustomDomains();
  if (domains.data?.data.some(({ state }) => state === 'active') ?? true) return null;
  return (
    <>
      {' '}
      Passkeys hold at one domain alone: where you want one of your own,{' '}
      <Link to="/domains" className="text-link">
        set it up
      </Link>{' '}
      before people make theirs.
    </>
  );
}

interface PartProps {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
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
