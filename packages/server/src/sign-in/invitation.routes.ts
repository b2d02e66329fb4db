import { startOver } from '../attempts/index.ts';
import { type Reply, type Route, type Services, withCookies } from '../core/index.ts';
import { fitsAddress, stateOf } from '../organizations/index.ts';
import { advance, catchUp, joinWithoutInvitation, learn, stepOf } from './advance.ts';
import type { OpenAttempt } from './browser.ts';
import { text } from './form.ts';
import { goTo } from './go-to.ts';
import { forgottenInvitation, invitationOf } from './invitation.ts';
import { invitationRefusedPage } from './pages/index.ts';
import { formRoute, pageRoute } from './routes-of.ts';
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

const show = pageRoute(
  {
    operationId: 'showRefusedInvitation',
    path: '/invitation',
    summary: 'The page for those whose invitation does not work',
    isDue,
  },
  (open, services) => page(services, open),
);

const submit = formRoute(
  {
    operationId: 'answerRefusedInvitation',
    path: '/invitation',
    summary: 'Go on without an invitation, or as somebody else',
    step: 'join',
    body: { choice: text },
  },
  async (open, services, { body }) => {
    if (body.choice === 'other_account') {
      const moved = await learn(services.db, open, { ...startOver(open.attempt), email: null });
      return moved ? goTo('/sign-in', open.attempt) : catchUp(services, open);
    }
    if (!(await isDue(services, open))) return advance(services, open);
    const moved = await joinWithoutInvitation(services, open);
    const next = await (moved ? advance(services, moved) : catchUp(services, open));
    return withCookies(next, [forgottenInvitation(open.client.environment.id)]);
  },
  (open) => goTo('/invitation', open.attempt),
);

export const invitationRoutes: readonly Route[] = [show, submit];
