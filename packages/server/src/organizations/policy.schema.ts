import { z } from 'zod';
import { camelKeys, snakeKeys } from '../core/index.ts';
import { type AuthenticationMethod, socialProviders } from '../protocol/index.ts';

/** What an organization may allow or leave out. Who impersonates answers to nobody's sign-in policy. */
const methods = [
  'Password',
  'MagicAuth',
  'Passkey',
  'SSO',
  ...socialProviders,
] as const satisfies AuthenticationMethod[];

const fields = {
  signInMethods: z
    .array(z.enum(methods))
    .min(1)
    .nullable()
    .describe('How its members may sign in to it; null: in every way the environment allows.'),
  guestSignInMethods: z
    .array(z.enum(methods))
    .min(1)
    .nullable()
    .describe('The same for guests, whose address is in none of the domains it has proved; null: like everybody.'),
  mfa: z
    .enum(['inherit', 'required'])
    .describe('Whether its members need a second factor, whatever the environment asks.'),
  isJoinedByDomain: z
    .boolean()
    .describe('Whoever signs in with a verified address of a domain it has proved becomes a member.'),
  isJoinedBySso: z
    .boolean()
    .describe('Whoever signs in at its identity provider with an address of a domain it has proved becomes a member.'),
};

/** What an organization asks of its members beyond what the environment does. */
export type Policy = Readonly<z.output<z.ZodObject<typeof fields>>>;

export const newPolicy: Policy = {
  signInMethods: null,
  guestSignInMethods: null,
  mfa: 'inherit',
  isJoinedByDomain: true,
  isJoinedBySso: true,
};

const { is_joined_by_domain: join_by_domain, is_joined_by_sso: join_by_sso, ...rest } = snakeKeys(fields);
const wireFields = { ...rest, join_by_domain, join_by_sso };

export const PolicyWire = z.object(wireFields).meta({ id: 'OrganizationPolicy' });

export const PolicyChange = z.object({
  sign_in_methods: wireFields.sign_in_methods.optional(),
  guest_sign_in_methods: wireFields.guest_sign_in_methods.optional(),
  mfa: wireFields.mfa.optional(),
  join_by_domain: wireFields.join_by_domain.optional(),
  join_by_sso: wireFields.join_by_sso.optional(),
});

export const toPolicyWire = ({
  signInMethods,
  guestSignInMethods,
  mfa,
  isJoinedByDomain,
  isJoinedBySso,
}: Policy): z.input<typeof PolicyWire> => ({
  sign_in_methods: signInMethods,
  guest_sign_in_methods: guestSignInMethods,
  mfa,
  join_by_domain: isJoinedByDomain,
  join_by_sso: isJoinedBySso,
});

export function policyOf(before: Policy, change: z.output<typeof PolicyChange>): Policy {
  const { joinByDomain, joinBySso, ...sent } = camelKeys(change);
  return {
    signInMethods: sent.signInMethods === undefined ? before.signInMethods : sent.signInMethods,
    guestSignInMethods: sent.guestSignInMethods === undefined ? before.guestSignInMethods : sent.guestSignInMethods,
    mfa: sent.mfa ?? before.mfa,
    isJoinedByDomain: joinByDomain ?? before.isJoinedByDomain,
    isJoinedBySso: joinBySso ?? before.isJoinedBySso,
  };
}
