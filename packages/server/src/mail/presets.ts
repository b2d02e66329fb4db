export const presetNames = ['ses', 'postmark', 'resend', 'sendgrid', 'mailgun', 'smtp'] as const;

interface Preset {
  readonly name: (typeof presetNames)[number];
  readonly label: string;
  /** With `<…>` where something is to be filled in. */
  readonly host: string;
  readonly port: number;
  readonly security: 'tls' | 'starttls' | 'none';
  /** The user name everybody has there; null where it is one's own. */
  readonly username: string | null;
  readonly usernameHint: string;
  readonly passwordHint: string;
}

/** What the providers' own pages say about sending by SMTP. All of them speak it, so there is one way to send. */
export const presets: readonly Preset[] = [
  {
    name: 'ses',
    label: 'Amazon SES',
    host: 'email-smtp.<region>.amazonaws.com',
    port: 587,
    security: 'starttls',
    username: null,
    usernameHint: 'The SMTP user name that SES makes under “SMTP settings”. An access key of IAM does not work.',
    passwordHint: 'The SMTP password that came with it.',
  },
  {
    name: 'postmark',
    label: 'Postmark',
    host: 'smtp.postmarkapp.com',
    port: 587,
    security: 'starttls',
    username: null,
    usernameHint: 'The server API token.',
    passwordHint: 'The server API token once more.',
  },
  {
    name: 'resend',
    label: 'Resend',
    host: 'smtp.resend.com',
    port: 465,
    security: 'tls',
    username: 'resend',
    usernameHint: 'Everybody’s is “resend”.',
    passwordHint: 'An API key that may send.',
  },
  {
    name: 'sendgrid',
    label: 'SendGrid',
    host: 'smtp.sendgrid.net',
    port: 587,
    security: 'starttls',
    username: 'apikey',
    usernameHint: 'Everybody’s is “apikey”, in these letters.',
    passwordHint: 'An API key with the permission “Mail Send”.',
  },
  {
    name: 'mailgun',
    label: 'Mailgun',
    host: 'smtp.mailgun.org',
    port: 587,
    security: 'starttls',
    username: null,
    usernameHint:
      'The login of the sending domain, as in “postmaster@mg.example.com”. Domains in the EU use smtp.eu.mailgun.org.',
    passwordHint: 'The SMTP password of that login.',
  },
  {
    name: 'smtp',
    label: 'Other SMTP server',
    host: '',
    port: 587,
    security: 'starttls',
    username: null,
    usernameHint: 'Leave it empty when the server asks for no login.',
    passwordHint: 'The password of that user.',
  },
];
