import { startOver } from '../attempts/index.ts';
import { type Reply, type Route, type Services, withCookies } from '../core/index.ts';
import { findOrganization, fitsAddress, stateOf } from '../organizations/index.ts';
import { advance, catchUp, joinWithoutInvitation, learn, stepOf } from './advance.ts';
import type { OpenAttempt } from './browser.ts';
import { text } from './form.ts';
import { goTo } from './go-to.ts';
import { forgottenInvitation, invitationOf } from './invitation.ts';
import { acceptInvitationPage, invitationRefusedPage, joinPage } from './pages/index.ts';
import { formRoute, pageRoute } from './routes-of.ts';
import { attemptPage, formOf } from './view.ts';

/** Joining waits for a click; or the invitation stands in its way: it is for somebody else, or over. */
async function isDue(services: Services, open: OpenAttempt): Promise<boolean> {
  const step = await stepOf(services, open);
  return step === 'agree_to_join' || (step === 'join' && open.attempt.request.invitationId !== null);
}

/** What their address lets them join, where nobody invited them. */
async function joinPageOf(services: Services, open: OpenAttempt, organizationId: string): Promise<Reply> {
  const organization = await findOrganization(services.db, open.tenant, organizationId);
  const email = open.attempt.email ?? '';
  const where = organization?.name ?? open.client.applicationName;
  return attemptPage(open, (view) => joinPage({ ...view, ...formOf(open, '/invitation', 'join'), email, where }));
}

async function page(services: Services, open: OpenAttempt): Promise<Reply> {
  const { invitationId, organizationId } = open.attempt.request;
  if (invitationId === null && organizationId !== null) return joinPageOf(services, open, organizationId);
  const invited = await invitationOf(services, open);
  const email = open.attempt.email ?? '';
  const isOpen = invited !== null && stateOf(invited.invitation, services.now()) === 'pending';
  const isForAnother = isOpen && !fitsAddress(invited.invitation, email);
  const isAsked = isOpen && !isForAnother && (await stepOf(services, open)) === 'agree_to_join';
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
      'The page that asks whoever is signed in already whether to join, or says why their invitation does not work',
    isDue,
  },
  (open, services) => page(services, open),
);

const submit = formRoute(
  {
    operationId: 'answerInvitationOfAttempt',
    path: '/invitation',
    summary: 'Join, or go on without it, or as somebody else',
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
      const moved = await learn(services.db, open, { answers: { ...open.attempt.answers, agreesToJoin: true } });
      return moved ? advance(services, moved) : catchUp(services, open);
    }
    if (open.attempt.request.invitationId === null) {
      const moved = await learn(services.db, open, { answers: { ...open.attempt.answers, joined: true } });
      return moved ? advance(services, moved) : catchUp(services, open);
    }
    const moved = await joinWithoutInvitation(services, open);
    const next = await (moved ? advance(services, moved) : catchUp(services, open));
    return withCookies(next, [forgottenInvitation(open.client.environment.id)]);
  },
  (open) => goTo('/invitation', open.attempt),
);

export const invitationRoutes: readonly Route[] = [show, submit];
