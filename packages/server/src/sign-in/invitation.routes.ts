import { startOver } from '../attempts/index.ts';
import { type Reply, type Route, type Services, withCookies } from '../core/index.ts';
import { fitsAddress, stateOf } from '../organizations/index.ts';
import { advance, catchUp, joinWithoutInvitation, learn, stepOf } from './advance.ts';
import type { OpenAttempt } from './browser.ts';
import { text } from './form.ts';
import { goTo } from './go-to.ts';
import { forgottenInvitation, invitationOf } from './invitation.ts';
import { acceptInvitationPage, invitationRefusedPage } from './pages/index.ts';
import { formRoute, pageRoute } from './routes-of.ts';
import { attemptPage, formOf } from './view.ts';

/** Joining is due, and the invitation waits for a click, or stands in its way: it is for somebody else, or over. */
async function isDue(services: Services, open: OpenAttempt): Promise<boolean> {
  const step = open.attempt.request.invitationId === null ? null : await stepOf(services, open);
  return step === 'accept_invitation' || step === 'join';
}

async function page(services: Services, open: OpenAttempt): Promise<Reply> {
  const invited = await invitationOf(services, open);
  const email = open.attempt.email ?? '';
  const isOpen = invited !== null && stateOf(invited.invitation, services.now()) === 'pending';
  const isForAnother = isOpen && !fitsAddress(invited.invitation, email);
  const isAsked = isOpen && !isForAnother && (await stepOf(services, open)) === 'accept_invitation';
  const where = invited?.where ?? open.client.applicationName;
  const form = formOf(open, '/invitation', 'join');
  return attemptPage(open, (view) =>
    isAsked
      ? acceptInvitationPage({ ...view, ...form, email, where })
      : invitationRefusedPage({
          ...view,
          ...form,
          invited: isForAnother ? invited.invitation.email : null,
          email,
          where,
        }),
  );
}

const show = pageRoute(
  {
    operationId: 'showInvitationOfAttempt',
    path: '/invitation',
    summary:
      'The page that asks whoever is signed in already whether to accept an invitation, or says why it does not work',
    isDue,
  },
  (open, services) => page(services, open),
);

const submit = formRoute(
  {
    operationId: 'answerInvitationOfAttempt',
    path: '/invitation',
    summary: 'Accept an invitation, or go on without it, or as somebody else',
    step: 'join',
    body: { choice: text },
  },
  async (open, services, { body }) => {
    if (body.choice === 'other_account') {
      const moved = await learn(services.db, open, { ...startOver(open.attempt), email: null });
      return moved ? goTo('/sign-in', open.attempt) : catchUp(services, open);
    }
    if (!(await isDue(services, open))) return advance(services, open);
    if (body.choice === 'accept') {
      const moved = await learn(services.db, open, { answers: { ...open.attempt.answers, acceptsInvitation: true } });
      return moved ? advance(services, moved) : catchUp(services, open);
    }
    const moved = await joinWithoutInvitation(services, open);
    const next = await (moved ? advance(services, moved) : catchUp(services, open));
    return withCookies(next, [forgottenInvitation(open.client.environment.id)]);
  },
  (open) => goTo('/invitation', open.attempt),
);

export const invitationRoutes: readonly Route[] = [show, submit];
