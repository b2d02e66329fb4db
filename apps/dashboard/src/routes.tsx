import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  retainSearchParams,
} from '@tanstack/react-router';
import { Frame } from './frame/frame.tsx';
import { BrokenPage, UnknownPage } from './frame/lost-pages.tsx';

type Search = Record<string, unknown>;

/** A search parameter as text; anything else in its place counts as absent. */
function text(search: Search, name: string): string | undefined {
  const value = search[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function oneOf<Value extends string>(search: Search, name: string, values: readonly Value[]): Value | undefined {
  return values.find((value) => value === search[name]);
}

export const setUpSteps = [
  'redirect_uri',
  'sign_in_endpoint',
  'sign_out_redirect',
  'api_keys',
  'test_sign_in',
] as const;
export const userTabs = ['profile', 'organizations', 'sessions', 'passkeys', 'factors', 'json'] as const;

export const organizationTabs = [
  'members',
  'invitations',
  'domains',
  'sign-on',
  'policy',
  'details',
  'activity',
  'json',
] as const;
const organizationDialogs = ['add', 'invite', 'connect', 'delete'] as const;
export const waitlistStates = ['pending', 'approved', 'denied'] as const;

const root = createRootRoute({
  validateSearch: (search: Search): { environment?: string } => ({ environment: text(search, 'environment') }),
  // The environment stays in the address, so a copied link opens on the same one.
  search: { middlewares: [retainSearchParams(['environment'])] },
  component: Frame,
  notFoundComponent: UnknownPage,
});

const overview = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./operators/overview-page.tsx'), 'OverviewPage'),
});

const setUp = createRoute({
  getParentRoute: () => root,
  path: '/set-up',
  validateSearch: (search: Search): { step?: (typeof setUpSteps)[number]; dialog?: 'create' } => ({
    step: oneOf(search, 'step', setUpSteps),
    dialog: oneOf(search, 'dialog', ['create']),
  }),
  component: lazyRouteComponent(() => import('./operators/set-up-page.tsx'), 'SetUpPage'),
});

const users = createRoute({
  getParentRoute: () => root,
  path: '/users',
  validateSearch: (search: Search): { search?: string; after?: string; before?: string; dialog?: 'create' } => ({
    search: text(search, 'search'),
    after: text(search, 'after'),
    before: text(search, 'before'),
    dialog: oneOf(search, 'dialog', ['create']),
  }),
  component: lazyRouteComponent(() => import('./users/users-page.tsx'), 'UsersPage'),
});

const user = createRoute({
  getParentRoute: () => root,
  path: '/users/$userId',
  validateSearch: (search: Search): { tab?: (typeof userTabs)[number]; dialog?: 'delete' | 'impersonate' } => ({
    tab: oneOf(search, 'tab', userTabs),
    dialog: oneOf(search, 'dialog', ['delete', 'impersonate']),
  }),
  component: lazyRouteComponent(() => import('./users/user-page.tsx'), 'UserPage'),
});

const organizations = createRoute({
  getParentRoute: () => root,
  path: '/organizations',
  validateSearch: (search: Search): { search?: string; after?: string; before?: string; dialog?: 'create' } => ({
    search: text(search, 'search'),
    after: text(search, 'after'),
    before: text(search, 'before'),
    dialog: oneOf(search, 'dialog', ['create']),
  }),
  component: lazyRouteComponent(() => import('./organizations/organizations-page.tsx'), 'OrganizationsPage'),
});

const organization = createRoute({
  getParentRoute: () => root,
  path: '/organizations/$organizationId',
  validateSearch: (
    search: Search,
  ): {
    tab?: (typeof organizationTabs)[number];
    dialog?: (typeof organizationDialogs)[number];
    after?: string;
    before?: string;
  } => ({
    tab: oneOf(search, 'tab', organizationTabs),
    dialog: oneOf(search, 'dialog', organizationDialogs),
    after: text(search, 'after'),
    before: text(search, 'before'),
  }),
  component: lazyRouteComponent(() => import('./organizations/organization-page.tsx'), 'OrganizationPage'),
});

const connections = createRoute({
  getParentRoute: () => root,
  path: '/connections',
  validateSearch: (search: Search): { search?: string; after?: string; before?: string } => ({
    search: text(search, 'search'),
    after: text(search, 'after'),
    before: text(search, 'before'),
  }),
  component: lazyRouteComponent(() => import('./sso/connections-page.tsx'), 'ConnectionsPage'),
});

const connection = createRoute({
  getParentRoute: () => root,
  path: '/connections/$connectionId',
  validateSearch: (search: Search): { dialog?: 'delete' } => ({ dialog: oneOf(search, 'dialog', ['delete']) }),
  component: lazyRouteComponent(() => import('./sso/connection-page.tsx'), 'ConnectionPage'),
});

const connectionTest = createRoute({
  getParentRoute: () => root,
  path: '/connections/$connectionId/test',
  validateSearch: (search: Search): { ticket?: string } => ({ ticket: text(search, 'ticket') }),
  component: lazyRouteComponent(() => import('./sso/test-page.tsx'), 'TestPage'),
});

const invitations = createRoute({
  getParentRoute: () => root,
  path: '/invitations',
  validateSearch: (search: Search): { search?: string; after?: string; before?: string; dialog?: 'create' } => ({
    search: text(search, 'search'),
    after: text(search, 'after'),
    before: text(search, 'before'),
    dialog: oneOf(search, 'dialog', ['create']),
  }),
  component: lazyRouteComponent(() => import('./organizations/invitations-page.tsx'), 'InvitationsPage'),
});

const waitlist = createRoute({
  getParentRoute: () => root,
  path: '/waitlist',
  validateSearch: (
    search: Search,
  ): { state?: (typeof waitlistStates)[number] | 'all'; after?: string; before?: string } => ({
    state: oneOf(search, 'state', [...waitlistStates, 'all']),
    after: text(search, 'after'),
    before: text(search, 'before'),
  }),
  component: lazyRouteComponent(() => import('./organizations/waitlist-page.tsx'), 'WaitlistPage'),
});

const authentication = createRoute({
  getParentRoute: () => root,
  path: '/authentication',
  validateSearch: (search: Search): { dialog?: 'cors' } => ({ dialog: oneOf(search, 'dialog', ['cors']) }),
  component: lazyRouteComponent(() => import('./authentication/authentication-page.tsx'), 'AuthenticationPage'),
});

const providers = createRoute({
  getParentRoute: () => root,
  path: '/authentication/providers',
  validateSearch: (search: Search): { provider?: string; dialog?: 'reset' } => ({
    provider: text(search, 'provider'),
    dialog: oneOf(search, 'dialog', ['reset']),
  }),
  component: lazyRouteComponent(() => import('./social/providers-page.tsx'), 'ProvidersPage'),
});

const jwtTemplate = createRoute({
  getParentRoute: () => root,
  path: '/authentication/jwt-template',
  component: lazyRouteComponent(() => import('./jwt-templates/jwt-template-page.tsx'), 'JwtTemplatePage'),
});

const branding = createRoute({
  getParentRoute: () => root,
  path: '/branding',
  component: lazyRouteComponent(() => import('./branding/branding-page.tsx'), 'BrandingPage'),
});

const emails = createRoute({
  getParentRoute: () => root,
  path: '/emails',
  component: lazyRouteComponent(() => import('./mail/emails-page.tsx'), 'EmailsPage'),
});

const suppressed = createRoute({
  getParentRoute: () => root,
  path: '/emails/suppressed',
  validateSearch: (search: Search): { search?: string; after?: string; before?: string } => ({
    search: text(search, 'search'),
    after: text(search, 'after'),
    before: text(search, 'before'),
  }),
  component: lazyRouteComponent(() => import('./mail/suppressed-page.tsx'), 'SuppressedPage'),
});

const domains = createRoute({
  getParentRoute: () => root,
  path: '/domains',
  component: lazyRouteComponent(() => import('./environments/domains-page.tsx'), 'DomainsPage'),
});

const redirects = createRoute({
  getParentRoute: () => root,
  path: '/redirects',
  // What the checker begins with: the page that refused an address leads here. Nothing is added without a click.
  validateSearch: (search: Search): { check?: string; list?: 'sign_out_redirects' } => ({
    check: text(search, 'check'),
    list: oneOf(search, 'list', ['sign_out_redirects']),
  }),
  component: lazyRouteComponent(() => import('./environments/redirects-page.tsx'), 'RedirectsPage'),
});

const apiKeys = createRoute({
  getParentRoute: () => root,
  path: '/api-keys',
  validateSearch: (search: Search): { dialog?: 'create' | 'revoke' | 'rotate'; key?: string } => ({
    dialog: oneOf(search, 'dialog', ['create', 'revoke', 'rotate']),
    key: text(search, 'key'),
  }),
  component: lazyRouteComponent(() => import('./api-keys/api-keys-page.tsx'), 'ApiKeysPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    overview,
    setUp,
    users,
    user,
    organizations,
    organization,
    connections,
    connection,
    connectionTest,
    invitations,
    waitlist,
    authentication,
    providers,
    jwtTemplate,
    redirects,
    branding,
    emails,
    suppressed,
    domains,
    apiKeys,
  ]),
  basepath: '/dashboard',
  defaultPreload: 'intent',
  defaultErrorComponent: BrokenPage,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
