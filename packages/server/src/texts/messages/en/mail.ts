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
};
