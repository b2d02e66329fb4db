import { type SocialProvider, socialProviders } from '../protocol/index.ts';
import type { Claims, ProviderDescription, ProviderTable, RawProfile } from './description.ts';
import { appleNames } from './quirks/apple.ts';
import { googleIsAuthority } from './quirks/google.ts';
import { bitbucketEmail, githubEmail } from './quirks/listed-emails.ts';
import { completeMarketplaceAnswer } from './quirks/vercel-marketplace.ts';

/** The claims of OpenID Connect Core section 5.1. */
const standardProfile = (claims: Claims): RawProfile => ({
  subject: claims.sub,
  email: claims.email,
  isEmailVerified: claims.email_verified,
  firstName: claims.given_name,
  lastName: claims.family_name,
  name: claims.name,
  pictureUrl: claims.picture,
});

const never = (): boolean => false;

/** What most have in common; each says what is different. */
const openId = {
  scopes: ['openid', 'profile', 'email'],
  clientAuthentication: 'client_secret_post',
  usesPkce: true,
  hints: { login: 'login_hint' },
  toProfile: standardProfile,
  isAuthority: never,
} as const;

const discovered = (issuer: string, more: { usesUserInfo?: boolean; returnsNonce?: boolean } = {}) =>
  ({ kind: 'oidc', issuer, endpoints: 'discovered', usesUserInfo: false, returnsNonce: true, ...more }) as const;

/**
 * The providers, each from its own documentation. Reading claims is all they do by themselves: how a browser is sent,
 * a code redeemed and a token checked is the same for all.
 */
export const providers: ProviderTable = {
  AppleOAuth: {
    ...openId,
    slug: 'apple',
    label: 'Apple',
    contract: discovered('https://appleid.apple.com'),
    scopes: ['openid', 'name', 'email'],
    clientAuthentication: 'signed_jwt',
    // Whoever asks for name or address gets the answer as a form that another site posts.
    parameters: { response_mode: 'form_post' },
    namesBesideCode: appleNames,
    // Its addresses are proved when an account is made, or are its own relays.
    isAuthority: () => true,
  },
  BitbucketOAuth: {
    slug: 'bitbucket',
    label: 'Bitbucket',
    contract: {
      kind: 'oauth2',
      endpoints: {
        authorization: 'https://bitbucket.org/site/oauth2/authorize',
        token: 'https://bitbucket.org/site/oauth2/access_token',
        profile: 'https://api.bitbucket.org/2.0/user',
        emails: 'https://api.bitbucket.org/2.0/user/emails',
      },
    },
    scopes: ['account', 'email'],
    clientAuthentication: 'client_secret_basic',
    usesPkce: true,
    toProfile: (user, emails) => ({
      subject: user.account_id ?? user.uuid,
      name: user.display_name,
      pictureUrl: hrefAt(user.links, 'avatar'),
      ...bitbucketEmail(emails),
    }),
    isAuthority: never,
  },
  DiscordOAuth: {
    slug: 'discord',
    label: 'Discord',
    contract: {
      kind: 'oauth2',
      endpoints: {
        authorization: 'https://discord.com/oauth2/authorize',
        token: 'https://discord.com/api/oauth2/token',
        profile: 'https://discord.com/api/users/@me',
      },
    },
    scopes: ['identify', 'email'],
    clientAuthentication: 'client_secret_post',
    usesPkce: true,
    toProfile: (user) => ({
      subject: user.id,
      email: user.email,
      isEmailVerified: user.verified,
      name: user.global_name ?? user.username,
      pictureUrl: user.avatar ? `https://cdn.discordapp.com/avatars/${user.id}/${user.avatar}.png` : null,
    }),
    isAuthority: never,
  },
  GitHubOAuth: {
    slug: 'github',
    label: 'GitHub',
    contract: {
      kind: 'oauth2',
      issuer: 'https://github.com/login/oauth',
      endpoints: {
        authorization: 'https://github.com/login/oauth/authorize',
        token: 'https://github.com/login/oauth/access_token',
        profile: 'https://api.github.com/user',
        emails: 'https://api.github.com/user/emails',
      },
    },
    scopes: ['read:user', 'user:email'],
    clientAuthentication: 'client_secret_post',
    usesPkce: true,
    hints: { login: 'login' },
    askAgain: { prompt: 'select_account' },
    toProfile: (user, emails) => ({
      // A number there. The login can be given up and taken by somebody else; this cannot.
      subject: typeof user.id === 'number' ? String(user.id) : user.id,
      name: user.name,
      pictureUrl: user.avatar_url,
      ...githubEmail(emails),
    }),
    isAuthority: never,
  },
  GitLabOAuth: {
    ...openId,
    slug: 'gitlab',
    label: 'GitLab',
    contract: discovered('https://gitlab.com', { usesUserInfo: true }),
  },
  GoogleOAuth: {
    ...openId,
    slug: 'google',
    label: 'Google',
    contract: discovered('https://accounts.google.com'),
    hints: { login: 'login_hint', domain: 'hd' },
    askAgain: { prompt: 'select_account' },
    isAuthority: googleIsAuthority,
  },
  GrokOAuth: {
    ...openId,
    slug: 'grok',
    label: 'Grok',
    contract: discovered('https://auth.x.ai', { usesUserInfo: true }),
  },
  IntuitOAuth: {
    ...openId,
    slug: 'intuit',
    label: 'Intuit',
    contract: {
      kind: 'oidc',
      issuer: 'https://oauth.platform.intuit.com/op/v1',
      // Its discovery document is elsewhere than the issuer says.
      endpoints: {
        authorization: 'https://appcenter.intuit.com/connect/oauth2',
        token: 'https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer',
        jwks: 'https://oauth.platform.intuit.com/op/v1/jwks',
        userInfo: 'https://accounts.platform.intuit.com/v1/openid_connect/userinfo',
      },
      usesUserInfo: true,
      returnsNonce: true,
    },
    clientAuthentication: 'client_secret_basic',
    toProfile: (claims) => ({
      subject: claims.sub,
      email: claims.email,
      isEmailVerified: claims.emailVerified,
      firstName: claims.givenName,
      lastName: claims.familyName,
    }),
  },
  LinkedInOAuth: {
    ...openId,
    slug: 'linkedin',
    label: 'LinkedIn',
    contract: discovered('https://www.linkedin.com/oauth', { returnsNonce: false }),
    // Its flow for servers refuses a code verifier.
    usesPkce: false,
  },
  MicrosoftOAuth: {
    ...openId,
    slug: 'microsoft',
    label: 'Microsoft',
    // Every tenant: its administrators write what they like into `email`, which is why none is taken as proved.
    contract: discovered('https://login.microsoftonline.com/common/v2.0', { usesUserInfo: true }),
    hints: { login: 'login_hint', domain: 'domain_hint' },
    askAgain: { prompt: 'login' },
  },
  SalesforceOAuth: {
    ...openId,
    slug: 'salesforce',
    label: 'Salesforce',
    contract: discovered('https://login.salesforce.com', { usesUserInfo: true }),
    askAgain: { prompt: 'login' },
  },
  SlackOAuth: {
    ...openId,
    slug: 'slack',
    label: 'Slack',
    contract: discovered('https://slack.com'),
    toProfile: (claims) => ({
      ...standardProfile(claims),
      subject: slackSubject(claims),
    }),
  },
  VercelMarketplaceOAuth: {
    ...openId,
    slug: 'vercel-marketplace',
    label: 'Vercel Marketplace',
    contract: {
      kind: 'oidc',
      issuer: 'https://marketplace.vercel.com',
      endpoints: {
        authorization: 'https://vercel.com/oauth/authorize',
        token: 'https://api.vercel.com/v1/integrations/sso/token',
        jwks: 'https://marketplace.vercel.com/.well-known/jwks',
      },
      usesUserInfo: false,
      returnsNonce: false,
    },
    usesPkce: false,
    toProfile: (claims) => ({
      subject: claims.sub,
      email: claims.user_email,
      name: claims.user_name,
      pictureUrl: claims.user_avatar_url,
    }),
    completeTokenAnswer: completeMarketplaceAnswer,
  },
  VercelOAuth: {
    ...openId,
    slug: 'vercel',
    label: 'Vercel',
    contract: discovered('https://vercel.com', { usesUserInfo: true }),
  },
  XOAuth: {
    slug: 'x',
    label: 'X',
    contract: {
      kind: 'oauth2',
      endpoints: {
        authorization: 'https://x.com/i/oauth2/authorize',
        token: 'https://api.x.com/2/oauth2/token',
        profile: 'https://api.x.com/2/users/me?user.fields=id,name,profile_image_url,confirmed_email',
      },
    },
    scopes: ['users.read', 'tweet.read', 'users.email'],
    clientAuthentication: 'client_secret_basic',
    usesPkce: true,
    toProfile: (answer) => {
      const user = (answer.data ?? {}) as Claims;
      // Many accounts have a telephone number only; an address that is there was confirmed.
      const email = user.confirmed_email;
      return {
        subject: user.id,
        email,
        isEmailVerified: email !== undefined,
        name: user.name,
        pictureUrl: user.profile_image_url,
      };
    },
    isAuthority: never,
  },
  XeroOAuth: {
    ...openId,
    slug: 'xero',
    label: 'Xero',
    contract: discovered('https://identity.xero.com'),
    clientAuthentication: 'client_secret_basic',
  },
};

/** `sub` is unique within a workspace only. */
function slackSubject({ sub, 'https://slack.com/team_id': team }: Claims): string | null {
  return typeof sub === 'string' && typeof team === 'string' ? `${team}:${sub}` : null;
}

function hrefAt(links: unknown, name: string): unknown {
  const link = (links as Record<string, { href?: unknown } | undefined> | null | undefined)?.[name];
  return link?.href;
}

/** By what stands in the callback's path. */
export const providerOfSlug = (slug: string): SocialProvider | null =>
  socialProviders.find((name) => providers[name].slug === slug) ?? null;

/** As buttons stand when nobody chose an order: the ones most people have an account with first. */
export const usualOrder: readonly SocialProvider[] = [
  'GoogleOAuth',
  'MicrosoftOAuth',
  'AppleOAuth',
  'GitHubOAuth',
  ...socialProviders.filter((name) => !['GoogleOAuth', 'MicrosoftOAuth', 'AppleOAuth', 'GitHubOAuth'].includes(name)),
];

export const descriptionOf = (provider: SocialProvider): ProviderDescription => providers[provider];

/** Whether that is a name of the contract. */
export const isSocialProvider = (name: unknown): name is SocialProvider =>
  (socialProviders as readonly unknown[]).includes(name);
