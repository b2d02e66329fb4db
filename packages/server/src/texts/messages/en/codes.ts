/** Six digits from a mail: proving an inbox, signing in, starting over with a new one. */
export const codes = {
  title: 'Check your email',
  sentTo: 'We sent a six-digit code to {email}.',
  label: 'Code',
  checkSpam: 'Nothing yet? Check spam.',
  sendAgain: 'Send again',
  /** Behind the button's words while it waits: `Send again in 0:24`. */
  sendAgainClock: 'in {time}',
  mayAskNow: 'You can ask for a new code now.',
  sentAgain: 'We sent a new code. Only the newest one works.',
  onItsWay: 'A code is on its way already.',
  incomplete: 'Enter the six digits from the email.',
  wrong: 'That code is not right. {count, plural, one {# try left.} other {# tries left.}}',
  expiredHeading: 'That code has expired',
  expired: 'Codes work for a short time only. We can send a new one to {email}.',
  exhaustedHeading: 'Let’s use a new code',
  exhausted: 'The last code was tried too often, so it no longer works. We can send a new one to {email}.',
  sendNew: 'Send a new code',
  useAnotherEmail: 'Use another email',
};
