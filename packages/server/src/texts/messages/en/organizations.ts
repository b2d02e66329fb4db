/**
 * Choosing an organization, invitations, the waitlist, what an organization demands. `where` is the name of what
 * somebody is invited to: an organization, or the application alone.
 */
export const organizations = {
  mailSubject: 'You are invited to join {where}',
  mailTitle: 'You are invited',
  mailInvited: 'You are invited to join <b>{where}</b>.',
  mailInvitedBy: '{inviter} invites you to join <b>{where}</b>.',
  mailWhere: 'It is an organization on {app}. To accept, sign in or sign up there.',
  mailLifetime: 'The invitation can be accepted once, within {days, plural, one {# day} other {# days}}.',
  mailCalm: 'You were not expecting this? Then you need not do anything.',
  waitlistSubject: 'You are on the waitlist for {app}',
  waitlistTitle: 'You are on the waitlist',
  waitlistJoined: 'This address is on the waitlist for <b>{app}</b>.',
  waitlistNext: 'When it is your turn, a mail brings you an invitation. Until then there is nothing to do.',
  acceptInvitation: 'Accept invitation',
};
