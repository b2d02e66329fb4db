/** An operator who is about to act as a user. */
export const impersonation = {
  title: 'Confirm impersonation',
  heading: 'Sign in as somebody else?',
  context: 'You are about to use {app} as {email}.',
  operator: 'You',
  reason: 'Reason',
  advice:
    '{minutes, plural, one {The session ends after # minute.} other {The session ends after # minutes.}} The app may show who you are, and the trail keeps it.',
  continue: 'Continue',
  overHeading: 'This impersonation is over',
  overMessage: 'It works once, within five minutes, and in the browser that asked for it.',
  overAdvice: 'Begin again at the user in the dashboard.',
  openDashboard: 'Open the dashboard',
};
