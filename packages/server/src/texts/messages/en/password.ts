/** Passwords: the step that asks for one, choosing a new one, what is wrong with it. */
export const password = {
  heading: 'Enter your password',
  label: 'Password',
  show: 'Show<unseen> password</unseen>',
  hide: 'Hide<unseen> password</unseen>',
  missing: 'Enter your password.',
  wrong: 'Email and password do not match. Try again.',
  choose: 'Choose a password.',
  rule: 'At least {count, plural, one {# character} other {# characters}}. A few words work well.',
  tooShort: 'Use at least {count, plural, one {# character} other {# characters}}.',
  tooLong: 'That is longer than a password can be. Use a shorter one.',
  personal:
    'Leave out your name, your e-mail address and the name of this product: they are tried first. Use a few unrelated words.',
  leaked: 'This password is on lists of leaked passwords. Use a few unrelated words instead.',
  tooWeak: 'This password is too easy to guess. Make it longer, or use a few unrelated words.',
  strong: 'That is a strong password.',
  usedBefore: 'You had this password before. Choose another one.',
};
