/** Mails. `app` is the application's name; subjects carry the code, so that it can be read from a notification. */
export const mail = {
  codeSubject: '{code} is your code for {app}',
  codeTitle: 'Your code',
  codeHere: 'Here is your code for <b>{app}</b>.',
  codeUse:
    'Enter it on the page that asked for it. It works once, within {minutes, plural, one {# minute} other {# minutes}}.',
  codeWarning:
    'Keep it to yourself: nobody at {app} will ever ask you for it. If you did not ask for a code, you need not do anything.',
  accountExistsSubject: 'You already have an account with {app}',
  accountExistsTitle: 'You already have an account',
  accountExistsPreview: 'No second one was made. Just sign in.',
  accountExists:
    'Somebody, probably you, tried to sign up for <b>{app}</b> with this address. It has an account already, so no second one was made.',
  accountExistsBack: 'To get in, go back and choose “Sign in”.',
  accountExistsCalm: 'It was not you? Then nothing was changed, and nobody was told that you have an account.',
  /** `title`: what happened, as in the mail's heading. */
  accountSubject: '{title} – {app}',
  notYou: 'It was not you? Change your password, and tell the people who run {app}.',
  factorEnrolledTitle: 'An authenticator app was added',
  factorEnrolled: 'An authenticator app was added to your account with <b>{app}</b>.',
  factorEnrolledNext: 'From now on signing in asks for a code of that app.',
  factorRemovedTitle: 'An authenticator app was removed',
  factorRemoved: 'An authenticator app was removed from your account with <b>{app}</b>.',
  factorRemovedNext: 'Codes of that app no longer work.',
  factorsResetTitle: 'Your second step was reset',
  factorsReset: 'An administrator removed the authenticator apps and recovery codes of your account with <b>{app}</b>.',
  factorsResetNext: 'You are signed out everywhere. When you sign in again, you can set up an app anew.',
  recoveryCodeTitle: 'A recovery code was used',
  recoveryCode: 'Somebody, probably you, used a recovery code to sign in to your account with <b>{app}</b>.',
  recoveryCodeNext:
    '{count, plural, =0 {It was the last one. Make new ones soon.} one {# code is left. The one that was used works no more.} other {# codes are left. The one that was used works no more.}}',
};
