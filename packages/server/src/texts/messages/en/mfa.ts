/** The second factor: app codes, recovery codes, losing a device. */
export const mfa = {
  title: 'Two-step verification',
  heading: 'Enter the code from your app',
  context: 'Open your authenticator app and enter the code it shows for {app}.',
  incomplete: 'Enter the six digits that your app shows.',
  wrong: 'That code is not right. Try the one shown now.',
  used: 'That code was used already. Wait for a new one.',
  locked:
    'There were too many wrong codes, so none is taken any more. Use the other kind of code, or ask the people who run this app to reset your two-step verification.',
  useRecoveryCode: 'Use a recovery code',
  lostDevice: 'Lost your device?',
  recoveryHeading: 'Enter a recovery code',
  recoveryContext: 'One of the codes that you saved when you set up two-step verification. Each works once.',
  recoveryLabel: 'Recovery code',
  recoveryMissing: 'Enter one of your recovery codes.',
  recoveryWrong: 'That code is not right, or was used before.',
  useApp: 'Use the authenticator app',
  lostCodes:
    'When you set up two-step verification, you were given ten recovery codes. One that you have not used yet lets you in.',
  lostAdministrator:
    'No codes either? Ask the people who run {app} to reset your two-step verification. They will want to be sure that it is you.',
  passkeyContext:
    '{app} asks for more than one proof, so that a stolen password is not enough. Your passkey is the other one.',
  passkeyLost:
    'No passkey at hand? Ask the people who run {app} to remove the one you lost. They will want to be sure that it is you.',
  enrollTitle: 'Set up two-step verification',
  enrollContext: '{app} asks for a code besides your first proof, so that a stolen password is not enough.',
  enrollScan: 'Scan this with an authenticator app. Any will do, also the one for passwords on your phone.',
  /** Read out in place of the QR code; the word itself is left to the field that takes the code. */
  enrollPicture: 'Picture to scan with the authenticator app',
  enrollType: 'Or type this key into the app:',
  enrollOpen: 'Open an app on this device',
  enrollCode: 'Enter the code that the app shows then.',
  codesTitle: 'Save your recovery codes',
  codesContext:
    'If you lose your device, each of these lets you in once. They are shown only now: keep them where nobody else looks.',
  codesUsedUp: 'You have used the last of your recovery codes, so here are new ones. The old ones no longer work.',
  codesDownload: 'Download',
  codesFile: 'Recovery codes for {app}',
  codesSaved: 'I have saved them',
};
