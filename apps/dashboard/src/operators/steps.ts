import type { StepId } from './queries.ts';

interface Step {
  readonly id: StepId;
  readonly title: string;
  readonly about: string;
}

/** What a developer sets up, in the order in which it makes sense. */
export const steps: readonly Step[] = [
  {
    id: 'redirect_uri',
    title: 'Add a redirect URI',
    about: 'The route of your application that people return to after signing in.',
  },
  {
    id: 'sign_in_endpoint',
    title: 'Set the sign-in endpoint',
    about: 'The route that sends people here. We use it when someone arrives without your application.',
  },
  {
    id: 'sign_out_redirect',
    title: 'Add a sign-out redirect',
    about: 'Where people land once their session has ended.',
  },
  {
    id: 'api_keys',
    title: 'Copy your API key and client ID',
    about: 'With these two, your server can talk to AuthKit.',
  },
  {
    id: 'test_sign_in',
    title: 'Sign in once',
    about: 'Create an account as your users will, and find it under Users.',
  },
];
