import type { NavigateOptions } from '@tanstack/react-router';
import {
  Braces,
  Building2,
  Globe,
  Hourglass,
  House,
  KeyRound,
  KeySquare,
  LogOut,
  type LucideIcon,
  Mail,
  MailPlus,
  MailX,
  Palette,
  Route,
  Share2,
  ShieldCheck,
  UserPlus,
  Users,
} from 'lucide-react';

export interface Destination {
  readonly title: string;
  /** Where it lives, when it is not a page itself. */
  readonly within?: string;
  /** Older names and other words for it. The first ones are shown; guides written years ago use them. */
  readonly aliases: readonly string[];
  readonly target: NavigateOptions;
  readonly icon: LucideIcon;
  /** The key after `g`. */
  readonly letter?: string;
}

export const pages = {
  overview: { title: 'Overview', aliases: ['Home', 'Dashboard'], target: { to: '/' }, icon: House, letter: 'h' },
  users: { title: 'Users', aliases: ['User Management', 'People'], target: { to: '/users' }, icon: Users, letter: 'u' },
  organizations: {
    title: 'Organizations',
    aliases: ['Orgs', 'Tenants', 'Teams', 'Workspaces', 'Companies'],
    target: { to: '/organizations' },
    icon: Building2,
    letter: 'o',
  },
  invitations: {
    title: 'Invitations',
    aliases: ['Invites', 'Invite', 'Pending invitations'],
    target: { to: '/invitations' },
    icon: MailPlus,
    letter: 'i',
  },
  waitlist: {
    title: 'Waitlist',
    aliases: ['Waiting list', 'Early access'],
    target: { to: '/waitlist' },
    icon: Hourglass,
    letter: 'w',
  },
  authentication: {
    title: 'Authentication',
    aliases: ['Settings', 'Sign-in methods'],
    target: { to: '/authentication' },
    icon: ShieldCheck,
    letter: 'a',
  },
  providers: {
    title: 'Social providers',
    aliases: ['Social login', 'OAuth providers', 'Social connections', 'Identity providers'],
    target: { to: '/authentication/providers' },
    icon: Share2,
    letter: 'p',
  },
  connections: {
    title: 'Single sign-on',
    aliases: ['SSO', 'Enterprise connections', 'SAML', 'OpenID Connect', 'OIDC', 'Connections'],
    target: { to: '/connections' },
    icon: KeySquare,
    letter: 'c',
  },
  jwtTemplate: {
    title: 'JWT template',
    aliases: ['JWT templates', 'Custom claims', 'Token claims', 'Access token', 'Session token'],
    target: { to: '/authentication/jwt-template' },
    icon: Braces,
    letter: 'j',
  },
  redirects: { title: 'Redirects', aliases: ['Callback URLs'], target: { to: '/redirects' }, icon: Route, letter: 'r' },
  branding: {
    title: 'Branding',
    aliases: ['Customization', 'Appearance', 'Theme', 'Look'],
    target: { to: '/branding' },
    icon: Palette,
    letter: 'b',
  },
  emails: {
    title: 'Emails',
    aliases: [
      'Email provider',
      'SMTP',
      'Mail server',
      'Email settings',
      'Amazon SES',
      'Postmark',
      'Resend',
      'SendGrid',
      'Mailgun',
    ],
    target: { to: '/emails' },
    icon: Mail,
    letter: 'e',
  },
  suppressed: {
    title: 'Suppressed addresses',
    aliases: ['Suppression list', 'Bounces', 'Blocked addresses', 'Email suppressions'],
    target: { to: '/emails/suppressed' },
    icon: MailX,
    letter: 'x',
  },
  domains: {
    title: 'Domains',
    aliases: ['Custom domain', 'AuthKit domain', 'Authentication API domain', 'Own domain'],
    target: { to: '/domains' },
    icon: Globe,
    letter: 'd',
  },
  apiKeys: {
    title: 'API keys',
    aliases: ['Secrets', 'Credentials'],
    target: { to: '/api-keys' },
    icon: KeyRound,
    letter: 'k',
  },
} as const satisfies Record<string, Destination>;

export const settings: readonly Destination[] = [
  {
    title: 'Set up AuthKit',
    within: 'Overview',
    aliases: [
      'Set up User Management',
      'Get started',
      'Quick start',
      'Activate AuthKit',
      'Checklist',
      '.env',
      'Environment variables',
    ],
    target: { to: '/set-up' },
    icon: House,
  },
  {
    title: 'Redirect URIs',
    within: 'Redirects',
    aliases: ['Callback URL', 'Callback URI', 'Redirect URL'],
    target: { to: '/redirects', hash: 'redirect-uris' },
    icon: Route,
  },
  {
    title: 'Would this URL be accepted?',
    within: 'Redirects',
    aliases: ['Redirect URI checker', 'Test redirect', 'Invalid redirect URI'],
    target: { to: '/redirects', hash: 'checker' },
    icon: Route,
  },
  {
    title: 'Sign-in endpoint',
    within: 'Redirects',
    aliases: ['Initiate login URL', 'Initiate login URI', 'Sign-in URL', 'Login URL'],
    target: { to: '/redirects', hash: 'sign-in-endpoint' },
    icon: Route,
  },
  {
    title: 'Sign-out redirects',
    within: 'Redirects',
    aliases: ['Logout redirect', 'Logout redirects', 'Logout URI', 'Sign-out URL', 'Post logout redirect'],
    target: { to: '/redirects', hash: 'sign-out-redirects' },
    icon: LogOut,
  },
  {
    title: 'Strict redirects',
    within: 'Redirects',
    aliases: ['Wildcards', 'Wildcard redirect URI', 'Preview deployments'],
    target: { to: '/redirects', hash: 'strict-redirects' },
    icon: Route,
  },
  {
    title: 'Configure CORS',
    within: 'Authentication',
    aliases: ['CORS', 'Allowed web origins', 'Allowed origins', 'Cross-origin resource sharing'],
    target: { to: '/authentication', search: { dialog: 'cors' } },
    icon: Globe,
  },
  {
    title: 'Sign-in methods',
    within: 'Authentication',
    aliases: ['Password', 'Email and password', 'Magic Auth', 'Email code', 'Passkeys'],
    target: { to: '/authentication', hash: 'methods' },
    icon: Mail,
  },
  {
    title: 'Email verification',
    within: 'Authentication',
    aliases: ['Verify email', 'Require email verification'],
    target: { to: '/authentication', hash: 'sign-up' },
    icon: Mail,
  },
  {
    title: 'Names at sign-up',
    within: 'Authentication',
    aliases: ['First name', 'Last name', 'Sign-up fields'],
    target: { to: '/authentication', hash: 'sign-up' },
    icon: ShieldCheck,
  },
  {
    title: 'Two-step verification',
    within: 'Authentication',
    aliases: ['MFA', 'Multi-factor authentication', '2FA', 'TOTP', 'Second factor'],
    target: { to: '/authentication', hash: 'second-factor' },
    icon: ShieldCheck,
  },
  {
    title: 'Who may sign up',
    within: 'Authentication',
    aliases: ['Invite only', 'Waitlist', 'Sign-up', 'Terms of service', 'Bot protection'],
    target: { to: '/authentication', hash: 'sign-up' },
    icon: ShieldCheck,
  },
  {
    title: 'Password rules',
    within: 'Authentication',
    aliases: ['Password strength', 'Password policy', 'Breached passwords', 'Password history'],
    target: { to: '/authentication', hash: 'passwords' },
    icon: ShieldCheck,
  },
  {
    title: 'Session durations',
    within: 'Authentication',
    aliases: [
      'Access token duration',
      'Inactivity timeout',
      'Idle timeout',
      'Maximum session length',
      'Session lifetime',
    ],
    target: { to: '/authentication', hash: 'sessions' },
    icon: ShieldCheck,
  },
  {
    title: 'Impersonation',
    within: 'Authentication',
    aliases: ['Log in as user', 'Sign in as user', 'Act as user'],
    target: { to: '/authentication', hash: 'features' },
    icon: ShieldCheck,
  },
  {
    title: 'Device authorization',
    within: 'Authentication',
    aliases: ['Device flow', 'CLI Auth', 'Command line sign-in'],
    target: { to: '/authentication', hash: 'features' },
    icon: ShieldCheck,
  },
  {
    title: 'Application name',
    within: 'Authentication',
    aliases: ['App name', 'Project name'],
    target: { to: '/authentication', hash: 'application' },
    icon: ShieldCheck,
  },
  {
    title: 'Credentials of a provider',
    within: 'Social providers',
    aliases: [
      'Google OAuth',
      'Sign in with Apple',
      'GitHub OAuth',
      'Microsoft OAuth',
      'OAuth client secret',
      'OAuth scopes',
      'Return OAuth tokens',
    ],
    target: { to: '/authentication/providers', hash: 'providers' },
    icon: Share2,
  },
  {
    title: 'Logo and icon',
    within: 'Branding',
    aliases: ['Favicon', 'Upload logo', 'Brand logo', 'Brand assets'],
    target: { to: '/branding', hash: 'images' },
    icon: Palette,
  },
  {
    title: 'Colours',
    within: 'Branding',
    aliases: ['Colors', 'Brand colors', 'Button color', 'Background color', 'Dark mode', 'Contrast'],
    target: { to: '/branding', hash: 'colors' },
    icon: Palette,
  },
  {
    title: 'Appearance, corners and typeface',
    within: 'Branding',
    aliases: [
      'Corners and appearance',
      'Font',
      'Font family',
      'Typography',
      'Layout',
      'Card position',
      'Border radius',
      'Corner radius',
      'Light mode',
      'Page style',
    ],
    target: { to: '/branding', hash: 'appearance' },
    icon: Palette,
  },
  {
    title: 'Own texts',
    within: 'Branding',
    aliases: ['Custom copy', 'Custom text', 'Translations', 'Page titles'],
    target: { to: '/branding', hash: 'texts' },
    icon: Palette,
  },
  {
    title: 'Custom CSS',
    within: 'Branding',
    aliases: ['Own CSS', 'Style sheet', 'Stylesheet', 'Page layout', 'Hosted UI styles'],
    target: { to: '/branding', hash: 'css' },
    icon: Palette,
  },
  {
    title: 'Send a test message',
    within: 'Emails',
    aliases: ['Test email', 'Try the mail server'],
    target: { to: '/emails', hash: 'test' },
    icon: Mail,
  },
  {
    title: 'Mails that did not leave',
    within: 'Emails',
    aliases: ['Failed emails', 'Email delivery', 'Delivery failures'],
    target: { to: '/emails', hash: 'failures' },
    icon: Mail,
  },
  {
    title: 'Who sends what',
    within: 'Emails',
    aliases: ['Send your own emails', 'Disable emails', 'Custom emails'],
    target: { to: '/emails', hash: 'kinds' },
    icon: Mail,
  },
  {
    title: 'Client ID',
    within: 'API keys',
    aliases: ['WORKOS_CLIENT_ID'],
    target: { to: '/api-keys', hash: 'client-id' },
    icon: KeyRound,
  },
  {
    title: 'Signing keys',
    within: 'API keys',
    aliases: ['JWKS', 'Key rotation', 'Rotate signing keys'],
    target: { to: '/api-keys', hash: 'signing-keys' },
    icon: KeyRound,
  },
  {
    title: 'Create API key',
    within: 'API keys',
    aliases: ['New secret key', 'WORKOS_API_KEY'],
    target: { to: '/api-keys', search: { dialog: 'create' } },
    icon: KeyRound,
  },
  {
    title: 'Create user',
    within: 'Users',
    aliases: ['Add user', 'New user'],
    target: { to: '/users', search: { dialog: 'create' } },
    icon: UserPlus,
  },
  {
    title: 'Create organization',
    within: 'Organizations',
    aliases: ['Add organization', 'New organization', 'Add tenant', 'New team'],
    target: { to: '/organizations', search: { dialog: 'create' } },
    icon: Building2,
  },
];

export interface Match {
  readonly destination: Destination;
  /** The older name that was typed; null when the present one fits by itself. */
  readonly alias: string | null;
}

/** Destinations for what was typed, best first: present name from its beginning, then old names, then words inside. */
export function findDestinations(query: string): readonly Match[] {
  const wanted = normalize(query);
  const everything: readonly Destination[] = [...Object.values(pages), ...settings];
  if (wanted === '') return everything.map((destination) => ({ destination, alias: null }));
  return everything
    .map((destination) => bestName(destination, wanted))
    .filter((found) => found.score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ destination, alias }) => ({ destination, alias }));
}

function bestName(destination: Destination, wanted: string) {
  let best = { destination, alias: null as string | null, score: score(destination.title, wanted) * 2 };
  for (const alias of destination.aliases) {
    const points = score(alias, wanted) * 2 - 1;
    if (points > best.score) best = { destination, alias, score: points };
  }
  return best;
}

/** 4 the very name, 3 its beginning, 2 words that begin so in this order, 1 anywhere inside, 0 not at all. */
function score(name: string, wanted: string): number {
  const candidate = normalize(name);
  if (candidate === wanted) return 4;
  if (candidate.startsWith(wanted)) return 3;
  const words = candidate.split(' ');
  if (wanted.split(' ').every((part) => words.some((word) => word.startsWith(part)))) return 2;
  return candidate.includes(wanted) ? 1 : 0;
}

function normalize(text: string): string {
  return text
    .toLowerCase()
    .replace(/[-–_\s]+/g, ' ')
    .trim();
}
