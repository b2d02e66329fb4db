import { isOwnPage, membershipOf, ownPagesDemand, startOver, wantedOrganization } from '../attempts/index.ts';
import { type Reply, type Route, reply, type Services } from '../core/index.ts';
import { findOrganization } from '../organizations/index.ts';
import { advance, catchUp, learn } from './advance.ts';
import type { OpenAttempt } from './browser.ts';
import { accountAtStep } from './due.ts';
import { text } from './form.ts';
import { goTo } from './go-to.ts';
import { methodNames } from './method-names.ts';
import { changeMethodPage, chooseOrganizationPage, notAMemberPage, type Problem } from './pages/index.ts';
import { acceptRedirect } from './redirects.ts';
import { answerUrl } from './request.ts';
import { formRoute, pageRoute } from './routes-of.ts';
import { signOnView } from './sso.ts';
import { attemptPage, formOf } from './view.ts';

/** The page of whichever step about organizations is due; null when none is. */
async function page(services: Services, open: OpenAttempt, problem: Problem | null = null): Promise<Reply | null> {
  const due = await accountAtStep(services, open);
  const status = problem ? 429 : 200;
  const email = open.attempt.email ?? '';
  switch (due?.step) {
    case 'choose_organization': {
      const organizations = due.account.memberships.map((each) => ({
        id: each.organizationId,
        name: each.organizationName,
      }));
      const form = formOf(open, '/organization', 'organization');
      return attemptPage(open, (view) => chooseOrganizationPage({ ...view, ...form, organizations, email, problem }), {
        status,
      });
    }
    case 'not_a_member': {
      const { destination } = open.attempt.request;
      const organizationId = wantedOrganization(open.attempt) ?? '';
      const organization = await findOrganization(services.db, open.tenant, organizationId);
      return attemptPage(open, (view) =>
        notAMemberPage({
          ...view,
          ...formOf(open, '/organization', 'organization'),
          organizationName: organization?.name ?? open.client.applicationName,
          email,
          canGoBack: destination.kind === 'app',
        }),
      );
    }
    case 'change_method': {
      const { proven, request } = open.attempt;
      const { settings } = open.client.environment;
      // At a page of our own no organization is chosen, and all of them are asked.
      const own = isOwnPage(request) ? ownPagesDemand(proven, due.account, settings) : null;
      const membership = own ? own.membership : membershipOf(open.attempt, due.account);
      const allowsSignOn = membership !== null && (membership.signInMethods?.includes('SSO') ?? true);
      const signOn = allowsSignOn ? await signOnView(services, open, membership.organizationId) : null;
      return attemptPage(open, (view) =>
        changeMethodPage({
          ...view,
          ...formOf(open, '/sign-in/method', 'organization'),
          organizationName: membership?.organizationName ?? open.client.applicationName,
          signOn,
          methods: methodNames(view.t, own?.methods ?? membership?.signInMethods ?? []),
          isForAccount: own !== null,
          canChooseAnother: mayChooseAnother(open, due.account),
        }),
      );
    }
    default:
      return null;
  }
}

const mayChooseAnother = (
  { attempt }: OpenAttempt,
  { memberships }: { readonly memberships: readonly unknown[] },
): boolean => !isOwnPage(attempt.request) && wantedOrganization(attempt) === null && memberships.length > 1;

type OrganizationPath = '/organization' | '/sign-in/method';

const showAt = (path: OrganizationPath, operationId: string, summary: string): Route =>
  pageRoute(
    { operationId, path, summary },
    async (open, services) => (await page(services, open)) ?? goTo('/sign-in', open.attempt),
  );

const answerAt = (path: OrganizationPath, operationId: string, summary: string): Route =>
  formRoute(
    { operationId, path, summary, step: 'organization', body: { organization_id: text, choice: text } },
    (open, services, { body }) => answer(services, open, body.organization_id, body.choice),
    async (open, problem, services) => (await page(services, open, problem)) ?? goTo(path, open.attempt),
  );

async function answer(services: Services, open: OpenAttempt, organizationId: string, choice: string): Promise<Reply> {
  const due = await accountAtStep(services, open);
  const isOurs = due !== null && ['choose_organization', 'not_a_member', 'change_method'].includes(due.step);
  if (!isOurs) return advance(services, open);
  const { attempt } = open;
  switch (choice) {
    case 'other_account':
      return goOn(services, open, { ...startOver(attempt), email: null });
    case 'again':
      // Somebody who proves themselves anew goes on where they wanted to.
      return goOn(services, open, { ...startOver(attempt), organizationId: attempt.organizationId });
    case 'organization':
      return mayChooseAnother(open, due.account)
        ? goOn(services, open, { organizationId: null })
        : advance(services, open);
    case 'back':
      return backToApp(services, open);
    default: {
      const isMember = due.account.memberships.some((each) => each.organizationId === organizationId);
      return isMember && due.step === 'choose_organization'
        ? goOn(services, open, { organizationId })
        : advance(services, open);
    }
  }
}

async function goOn(services: Services, open: OpenAttempt, learned: Parameters<typeof learn>[2]): Promise<Reply> {
  const moved = await learn(services.db, open, learned);
  return moved ? advance(services, moved) : catchUp(services, open);
}

async function backToApp(services: Services, open: OpenAttempt): Promise<Reply> {
  const { destination } = open.attempt.request;
  if (destination.kind !== 'app') return advance(services, open);
  await acceptRedirect(services, open.client, destination.redirectUri);
  const refusal = { error: 'access_denied', error_description: 'The person is not a member of the organization.' };
  return reply.redirect(answerUrl(destination.redirectUri, refusal, destination.state), { status: 303 });
}

export const organizationPageRoutes: readonly Route[] = [
  showAt('/organization', 'showOrganizationChoice', 'The page that asks for the organization'),
  answerAt('/organization', 'chooseOrganization', 'Choose an organization, or another account'),
  showAt('/sign-in/method', 'showMethodDemand', 'The page that says how an organization lets people in'),
  answerAt('/sign-in/method', 'changeMethod', 'Sign in another way, or to another organization'),
];
