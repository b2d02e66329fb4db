import { Button, Select, Switch } from '@radix-ui/themes';
import { useState } from 'react';
import { useDraft } from '../core/drafts.ts';
import { problemElsewhere } from '../core/problems.ts';
import { Confirm } from '../parts/confirm.tsx';
import { SettingRow } from '../parts/field.tsx';
import { useFocusOnProblem } from '../parts/focus-on-problem.ts';
import { SaveBar } from '../parts/save-bar.tsx';
import { toast } from '../parts/toast.tsx';
import { bodyOf, draftOf, filledBy, type ProviderDraft, shownFields } from './provider-draft.ts';
import { type MailProvider, useMailProviderChanges } from './queries.ts';
import { SenderFields, ServerFields } from './server-fields.tsx';

/** The mail server, as one group of settings: changed together, saved together. */
export function ProviderForm({ mail }: { mail: MailProvider }) {
  const saved = draftOf(mail.provider);
  const [draft, setDraft] = useDraft<ProviderDraft>('mail provider', saved);
  const [password, setPassword] = useState('');
  const { save, remove } = useMailProviderChanges();
  useFocusOnProblem(save.error);
  const [asking, setAsking] = useState(false);
  const preset = mail.presets.find(({ name }) => name === draft.preset);
  const dirty =
    password !== '' || Object.entries(draft).some(([name, value]) => saved[name as keyof ProviderDraft] !== value);

  function change(part: Partial<ProviderDraft>) {
    setDraft((before) => ({ ...before, ...part }));
    save.reset();
  }

  const submit = () =>
    save.mutate(bodyOf(draft, password), {
      onSuccess: ({ provider }) => {
        setPassword('');
        setDraft(draftOf(provider));
        toast('Mail server saved');
      },
    });

  return (
    <>
      <SettingRow id="preset" label="Provider" about="Fills in host and port, and says what to enter.">
        <Select.Root
          value={draft.preset}
          onValueChange={(name) => {
            const chosen = mail.presets.find((one) => one.name === name);
            if (chosen) change(filledBy(chosen));
          }}
        >
          <Select.Trigger id="preset" aria-describedby="preset-about" data-first className="checker-list" />
          <Select.Content position="popper" align="end">
            {mail.presets.map(({ name, label }) => (
              <Select.Item key={name} value={name}>
                {label}
              </Select.Item>
            ))}
          </Select.Content>
        </Select.Root>
      </SettingRow>
      <div className="mail-fields">
        <ServerFields
          draft={draft}
          preset={preset}
          hasPassword={mail.provider?.has_password ?? false}
          password={password}
          onPassword={(next) => {
            setPassword(next);
            save.reset();
          }}
          onChange={change}
          error={save.error}
        />
        <SenderFields draft={draft} onChange={change} error={save.error} />
      </div>
      <SettingRow
        id="enabled"
        label="Send by this mail server"
        about="Off: mails leave the way this server was set up. What is entered here is kept."
      >
        <Switch
          id="enabled"
          aria-describedby="enabled-about"
          checked={draft.enabled}
          onCheckedChange={(enabled) => change({ enabled })}
        />
      </SettingRow>
      {mail.provider ? (
        <div className="mail-forget">
          <Button variant="outline" color="gray" onClick={() => setAsking(true)}>
            Forget this mail server
          </Button>
        </div>
      ) : null}
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title="Forget this mail server?"
        verb="Forget it"
        onConfirm={async () => {
          await remove.mutateAsync();
          setDraft(draftOf(null));
          setPassword('');
          toast('Mail server forgotten');
        }}
      >
        Its password is deleted. Mails leave the way this server was set up, those that are waiting too.
      </Confirm>
      <SaveBar
        dirty={dirty}
        saving={save.isPending}
        problem={
          save.error ? (problemElsewhere(save.error, shownFields) ?? 'Some fields need another look.') : undefined
        }
        verb="Save mail server"
        onSave={submit}
        onDiscard={() => {
          setPassword('');
          change(saved);
        }}
      />
    </>
  );
}
