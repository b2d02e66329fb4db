import { Checkbox, Switch } from '@radix-ui/themes';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { sentenceOf } from '../core/problems.ts';
import { SettingRow } from '../parts/field.tsx';
import { Section } from '../parts/page.tsx';
import { SaveBar } from '../parts/save-bar.tsx';
import { Loaded } from '../parts/states.tsx';
import { toast } from '../parts/toast.tsx';
import { useConnectionsOf } from '../sso/queries.ts';
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
  const lists = [draft.sign_in_methods, draft.guest_sign_in_methods];
  const isEmpty = lists.some((list) => list?.length === 0);
  const connections = useConnectionsOf(organizationId);
  const isConnected = connections.data?.data.some(({ state }) => state === 'active') ?? true;
  const isLockedOut = !isConnected && lists.some((list) => list?.length === 1 && list[0] === 'SSO');

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
        <MethodRule
          id="restrict"
          label="Only some methods"
          about="Off: every method the environment allows."
          legend="Allowed methods"
          usual={['Password', 'MagicAuth', 'Passkey']}
          chosen={draft.sign_in_methods}
          onChange={(chosen) => change({ sign_in_methods: chosen })}
        />
        <MethodRule
          id="guests"
          label="Other methods for guests"
          about="Members whose address is in none of its verified domains. Off: like everybody."
          legend="Methods for guests"
          usual={['MagicAuth']}
          chosen={draft.guest_sign_in_methods}
          onChange={(chosen) => change({ guest_sign_in_methods: chosen })}
        />
        {isLockedOut ? (
          <p className="notice" role="status">
            This organization has no active connection, so nobody who needs single sign-on can sign in to it.{' '}
            <Link to="." search={{ tab: 'sign-on' }} className="text-link">
              Connect an identity provider
            </Link>
          </p>
        ) : null}
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

interface MethodRuleProps {
  readonly id: string;
  readonly label: string;
  readonly about: string;
  readonly legend: string;
  /** What is ticked when it is switched on. */
  readonly usual: readonly SignInMethod[];
  readonly chosen: readonly SignInMethod[] | null;
  readonly onChange: (chosen: SignInMethod[] | null) => void;
}

function MethodRule({ id, label, about, legend, usual, chosen, onChange }: MethodRuleProps) {
  // In one order, so that ticking a box twice is no change.
  const toggle = (method: SignInMethod, isOn: boolean) =>
    onChange(methods.filter((candidate) => (candidate === method ? isOn : chosen?.includes(candidate))));
  return (
    <>
      <SettingRow id={id} label={label} about={about}>
        <Switch
          id={id}
          aria-describedby={`${id}-about`}
          checked={chosen !== null}
          onCheckedChange={(checked) => onChange(checked ? [...usual] : null)}
        />
      </SettingRow>
      {chosen === null ? null : (
        <fieldset className="method-choice">
          <legend className="unseen">{legend}</legend>
          {methods.map((method) => (
            <div key={method} className="check-line">
              <Checkbox
                id={`${id}-${method}`}
                checked={chosen.includes(method)}
                onCheckedChange={(checked) => toggle(method, checked === true)}
              />
              <label htmlFor={`${id}-${method}`}>{methodNames[method]}</label>
            </div>
          ))}
        </fieldset>
      )}
    </>
  );
}
