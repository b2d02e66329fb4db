import { Checkbox, Switch } from '@radix-ui/themes';
import { useState } from 'react';
import { sentenceOf } from '../core/problems.ts';
import { SettingRow } from '../parts/field.tsx';
import { Section } from '../parts/page.tsx';
import { SaveBar } from '../parts/save-bar.tsx';
import { Loaded } from '../parts/states.tsx';
import { toast } from '../parts/toast.tsx';
import { methodNames, methods, type SignInMethod } from './methods.ts';
import { type Policy, type PolicyChange, usePolicy, useUpdatePolicy } from './queries.ts';

/** How its members sign in, beyond what the environment asks of everybody. */
export function PolicyTab({ organizationId }: { organizationId: string }) {
  const policy = usePolicy(organizationId);
  return (
    <Loaded query={policy} lines={6}>
      {(saved) => <PolicyForm organizationId={organizationId} saved={saved} />}
    </Loaded>
  );
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function PolicyForm({ organizationId, saved }: { organizationId: string; saved: Policy }) {
  const [changes, setChanges] = useState<PolicyChange>({});
  const update = useUpdatePolicy(organizationId);
  const draft: Policy = { ...saved, ...changes };
  const isEmpty = draft.sign_in_methods?.length === 0;

  function change(part: PolicyChange) {
    setChanges((before) => ({ ...before, ...part }));
    update.reset();
  }

  function save() {
    if (isEmpty) return;
    update.mutate(changes, {
      onSuccess: () => {
        setChanges({});
        toast('Policy saved');
      },
    });
  }

  return (
    <>
      <Section id="methods" title="Sign-in methods" about="What is switched off in the environment stays off here too.">
        <SettingRow id="restrict" label="Only some methods" about="Off: every method the environment allows.">
          <Switch
            id="restrict"
            aria-describedby="restrict-about"
            checked={draft.sign_in_methods !== null}
            onCheckedChange={(checked) =>
              change({ sign_in_methods: checked ? ['Password', 'MagicAuth', 'Passkey'] : null })
            }
          />
        </SettingRow>
        {draft.sign_in_methods === null ? null : (
          <MethodChoice chosen={draft.sign_in_methods} onChange={(chosen) => change({ sign_in_methods: chosen })} />
        )}
      </Section>
      <Section id="rules" title="Members">
        <SettingRow
          id="mfa"
          label="Require two-step verification"
          about="Whatever the environment asks. Members who have not set it up do so at their next sign-in."
        >
          <Switch
            id="mfa"
            aria-describedby="mfa-about"
            checked={draft.mfa === 'required'}
            onCheckedChange={(checked) => change({ mfa: checked ? 'required' : 'inherit' })}
          />
        </SettingRow>
        <SettingRow
          id="join_by_domain"
          label="Join by domain"
          about="Whoever signs in with a verified address of a verified domain becomes a member."
        >
          <Switch
            id="join_by_domain"
            aria-describedby="join_by_domain-about"
            checked={draft.join_by_domain}
            onCheckedChange={(checked) => change({ join_by_domain: checked })}
          />
        </SettingRow>
        <SettingRow
          id="join_by_sso"
          label="Join by single sign-on"
          about="Whoever signs in at the identity provider with an address of a verified domain becomes a member."
        >
          <Switch
            id="join_by_sso"
            aria-describedby="join_by_sso-about"
            checked={draft.join_by_sso}
            onCheckedChange={(checked) => change({ join_by_sso: checked })}
          />
        </SettingRow>
      </Section>
      <SaveBar
        dirty={!isSame(draft, saved)}
        saving={update.isPending}
        problem={isEmpty ? 'Choose at least one sign-in method.' : update.error ? sentenceOf(update.error) : undefined}
        onSave={save}
        onDiscard={() => {
          setChanges({});
          update.reset();
        }}
      />
    </>
  );
}

interface MethodChoiceProps {
  readonly chosen: readonly SignInMethod[];
  readonly onChange: (chosen: SignInMethod[]) => void;
}

function MethodChoice({ chosen, onChange }: MethodChoiceProps) {
  // In one order, so that ticking a box twice is no change.
  const toggle = (method: SignInMethod, isOn: boolean) =>
    onChange(methods.filter((candidate) => (candidate === method ? isOn : chosen.includes(candidate))));
  return (
    <fieldset className="method-choice">
      <legend className="unseen">Allowed methods</legend>
      {methods.map((method) => (
        <div key={method} className="check-line">
          <Checkbox
            id={`method-${method}`}
            checked={chosen.includes(method)}
            onCheckedChange={(checked) => toggle(method, checked === true)}
          />
          <label htmlFor={`method-${method}`}>{methodNames[method]}</label>
        </div>
      ))}
    </fieldset>
  );
}
