import type { SocialProvider } from '../../protocol/index.ts';
import type { Claims } from '../../social/index.ts';
import type { Account } from './persona.ts';

/** What a provider's API and tokens say of an account, each in its provider's own words. */
export interface Answers {
  /** In the ID token, besides what every ID token has. */
  readonly idToken: Claims;
  /** At the userinfo endpoint or the API's profile. */
  readonly profile: unknown;
  /** At the list of addresses, where there is one. */
  readonly emails: unknown;
}

export function answersOf(provider: SocialProvider, account: Account): Answers {
  const own = ownAnswers[provider]?.(account) ?? {};
  return {
    idToken: standardClaims(account),
    profile: { sub: account.subject, ...standardClaims(account) },
    emails: null,
    ...own,
  };
}

/** OpenID Connect Core section 5.1. */
export const standardClaims = ({ email, isEmailVerified, firstName, lastName }: Account): Claims => ({
  ...(email === null ? {} : { email, email_verified: isEmailVerified }),
  given_name: firstName,
  family_name: lastName,
  name: `${firstName} ${lastName}`,
});

const without = (claims: Claims, ...names: string[]): Claims =>
  Object.fromEntries(Object.entries(claims).filter(([name]) => !names.includes(name)));

const fullName = ({ firstName, lastName }: Account): string => `${firstName} ${lastName}`;
const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1);

/** Where a provider does not speak OpenID Connect's own words. */
const ownAnswers: Partial<Record<SocialProvider, (account: Account) => Partial<Answers>>> = {
  // The word instead of the value, and the name only beside the code.
  AppleOAuth: ({ email, isEmailVerified }) => ({
    idToken: email === null ? {} : { email, email_verified: String(isEmailVerified) },
  }),
  BitbucketOAuth: (account) => ({
    profile: { account_id: account.subject, display_name: fullName(account), links: {} },
    emails: {
      values: account.email
        ? [{ email: account.email, is_primary: true, is_confirmed: account.isEmailVerified, type: 'email' }]
        : [],
    },
  }),
  DiscordOAuth: (account) => ({
    profile: {
      id: account.subject,
      username: account.firstName.toLowerCase(),
      global_name: fullName(account),
      avatar: null,
      email: account.email,
      verified: account.isEmailVerified,
    },
  }),
  GitHubOAuth: (account) => ({
    profile: {
      id: Number(account.subject),
      login: account.firstName.toLowerCase(),
      name: fullName(account),
      email: null,
    },
    emails: account.email
      ? [
          { email: `${account.subject}@users.noreply.example`, primary: false, verified: true, visibility: null },
          { email: account.email, primary: true, verified: account.isEmailVerified, visibility: 'private' },
        ]
      : [],
  }),
  // `hd` names the Workspace; an address that Google only verified once has none.
  GoogleOAuth: (account) => {
    const speaksForIt =
      account.email !== null && account.persona === 'verified' && domainOf(account.email) !== 'gmail.com';
    return { idToken: { ...standardClaims(account), ...(speaksForIt ? { hd: domainOf(account.email) } : {}) } };
  },
  IntuitOAuth: (account) => ({
    idToken: {},
    profile: {
      sub: account.subject,
      ...(account.email === null ? {} : { email: account.email, emailVerified: account.isEmailVerified }),
      givenName: account.firstName,
      familyName: account.lastName,
    },
  }),
  MicrosoftOAuth: (account) => ({ idToken: without(standardClaims(account), 'email_verified') }),
  SlackOAuth: (account) => ({
    idToken: {
      ...standardClaims(account),
      'https://slack.com/team_id': 'T0SIMULATED',
      'https://slack.com/user_id': account.subject,
    },
  }),
  VercelMarketplaceOAuth: (account) => ({
    idToken: {
      ...(account.email === null ? {} : { user_email: account.email }),
      user_id: account.subject,
      user_name: fullName(account),
      installation_id: 'icfg_simulated',
    },
  }),
  XOAuth: (account) => ({
    profile: {
      data: {
        id: account.subject,
        name: fullName(account),
        username: account.firstName.toLowerCase(),
        // Only confirmed addresses are shown there.
        ...(account.email !== null && account.isEmailVerified ? { confirmed_email: account.email } : {}),
      },
    },
  }),
  XeroOAuth: (account) => ({ idToken: without(standardClaims(account), 'email_verified', 'name') }),
};
