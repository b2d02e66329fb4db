import { startOver } from '../attempts/index.ts';
import { anyone, type Reply, type Route, route, type Services, withCookies } from '../core/index.ts';
import { fitsAddress, stateOf } from '../organizations/index.ts';
import { advance, catchUp, joinWithoutInvitation, learn, stepOf } from './advance.ts';
import { type OpenAttempt, openAttempt } from './browser.ts';
import { signInErrors } from './errors.ts';
import { answerForm, attemptQuery, formBody, text } from './form.ts';
import { goTo } from './go-to.ts';
import { forgottenInvitation, invitationOf } from './invitation.ts';
import { invitationRefusedPage } from './pages/index.ts';
import { attemptPage, formOf } from './view.ts';

/** Joining is due, and the invitation stands in its way: it is for somebody else, or over. */
const isDue = async (services: Services, open: OpenAttempt): Promise<boolean> =>
  open.attempt.request.invitationId !== null && (await stepOf(services, open)) === 'join';

async function page(services: Services, open: OpenAttempt): Promise<Reply> {
  const invited = await invitationOf(services, open);
  const email = open.attempt.email ?? '';
  const isOpen = invited !== null && stateOf(invited.invitation, services.now()) === 'pending';
  const isForAnother = isOpen && !fitsAddress(invited.invitation, email);
  return attemptPage(open, (view) =>
    invitationRefusedPage({
      ...view,
      ...formOf(open, '/invitation', 'join'),
      invited: isForAnother ? invited.invitation.email : null,
      email,
      where: invited?.where ?? open.client.applicationName,
    }),
  );
}

const show = route(
  {
    operationId: 'showRefusedInvitation',
    method: 'GET',
    path: '/invitation',
    summary: 'The page for those whose invitation does not work',
    auth: anyone('people sign in here'),
    query: attemptQuery,
    returns: { status: 200 },
    errors: signInErrors,
    page: true,
  },
  async ({ query, request }, services) => {
    const open = await openAttempt(services, query.attempt, request, { mayRepeat: false });
    return (await isDue(services, open)) ? page(services, open) : goTo('/sign-in', open.attempt);
  },
);

const submit = route(
  {
    operationId: 'answerRefusedInvitation',
    method: 'POST',
    path: '/invitation',
    summary: 'Go on without an invitation, or as somebody else',
    auth: anyone('people sign in here; the form proves its browser'),
    query: attemptQuery,
    body: formBody({ choice: text }),
    returns: { status: 303 },
    errors: signInErrors,
    page: true,
    form: true,
  },
  (form, services) =>
    answerForm(
      services,
      form,
      'join',
      async (open) => {
        if (form.body.choice === 'other_account') {
          const moved = await learn(services.db, open, { ...startOver(open.attempt), email: null });
          return moved ? goTo('/sign-in', open.attempt) : catchUp(services, open);
        }
        if (!(await isDue(services, open))) return advance(services, open);
        const moved = await joinWithoutInvitation(services, open);
        const next = await (moved ? advance(services, moved) : catchUp(services, open));
        return withCookies(next, [forgottenInvitation(open.client.environment.id)]);
      },
      (open) => goTo('/invitation', open.attempt),
    ),
);

export const invitationRoutes: readonly Route[] = [show, submit];
