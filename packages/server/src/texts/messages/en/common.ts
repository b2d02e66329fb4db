/** What several pages say. */
export const common = {
  /** In the tab: `Sign in – Acme`. */
  documentTitle: '{title} – {app}',
  continue: 'Continue',
  email: 'Email',
  /** The whole of it in one field, where a language has no two. */
  name: 'Name',
  firstName: 'First name',
  lastName: 'Last name',
  optional: 'Optional',
  changeEmail: 'Change<unseen> email</unseen>',
  cancel: 'Cancel',
  tryAgain: 'Try again',
  startAgain: 'Start again',
  copy: 'Copy',
  copied: 'Copied',
  language: 'Language',
  securedBy: 'Secured by AuthKit',
  terms: 'Terms',
  privacy: 'Privacy',
  /** The link to whoever helps people with this app. */
  help: 'Help',
  staging: 'Staging – do not use real data',
  offline: 'You seem to be offline. Check your connection and try again.',
  checkFields: 'Please check the {count} fields marked below.',
  emailMissing: 'Enter your email address.',
  emailMalformed: 'Enter an address like name@example.com.',
  nameMissing: 'Enter a name.',
  firstNameMissing: 'Enter a first name.',
  lastNameMissing: 'Enter a last name.',
  nameInvalid: 'Shorten this name, and leave out characters that cannot be shown.',
  tooManyTries: 'That was a lot of tries in a short time.',
  /** `when`: "in 42 seconds". */
  tryAgainWhen: 'Try again {when}.',
  /** `time`: a clock that counts down, 1:05. */
  tryAgainClock: 'Try again in {time}.',
  tryAgainNow: 'You can try again now.',
  attemptRestarted: 'This page was open for a while, so we start again from here.',
  failed: 'Something went wrong on our side. Try again.',
  formExpired: 'That form has expired. Please send it again.',
};
