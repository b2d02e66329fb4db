import type { Policy } from './queries.ts';

export type SignInMethod = NonNullable<Policy['sign_in_methods']>[number];

/** What each is called, in the order the sign-in page offers them. */
export const methodNames: Readonly<Record<SignInMethod, string>> = {
  Password: 'Password',
  MagicAuth: 'Code by mail',
  Passkey: 'Passkey',
  SSO: 'Single sign-on',
  GoogleOAuth: 'Google',
  MicrosoftOAuth: 'Microsoft',
  AppleOAuth: 'Apple',
  GitHubOAuth: 'GitHub',
  GitLabOAuth: 'GitLab',
  BitbucketOAuth: 'Bitbucket',
  DiscordOAuth: 'Discord',
  GrokOAuth: 'Grok',
  IntuitOAuth: 'Intuit',
  LinkedInOAuth: 'LinkedIn',
  SalesforceOAuth: 'Salesforce',
  SlackOAuth: 'Slack',
  VercelOAuth: 'Vercel',
  VercelMarketplaceOAuth: 'Vercel Marketplace',
  XOAuth: 'X',
  XeroOAuth: 'Xero',
};

export const methods = Object.keys(methodNames) as SignInMethod[];
