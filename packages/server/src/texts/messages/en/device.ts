/** Signing in on a command line or a television (RFC 8628). */
export const device = {
  title: 'Connect a device',
  context: 'Enter the code that your device or command line shows.',
  code: 'Code',
  codeMissing: 'Enter the eight letters that the device shows.',
  codeUnknown: 'No device waits under this code. Check it, or start again on the device.',
  confirmTitle: 'Approve a device',
  confirmHeading: 'Let this device sign in?',
  confirmContext: 'A device asks to sign in to {app} as {email}.',
  codeShown: 'Code on the device',
  device: 'Device',
  place: 'Network address',
  asked: 'Asked',
  unknown: 'Not known',
  advice:
    'Approve only if you started this yourself just now and the device shows this code. Whoever holds the device can then use your account.',
  approve: 'Approve',
  deny: 'Deny',
  approvedTitle: 'The device is signed in',
  approvedContext: 'Go on there. You can close this page.',
  deniedTitle: 'The device was turned away',
  deniedContext:
    'It got nothing. If you did not start this, somebody may have sent you their code: tell the people who run {app}.',
  overHeading: 'This device no longer waits',
  overMessage: 'Its code was answered already, or has run out.',
  overAdvice: 'Start again on the device, and enter the new code.',
  enterCode: 'Enter a code',
};
