import { describeExample, type Example } from '../suite/index.ts';
import { lateSignOut } from '../suite/late-sign-out.ts';

const example: Example = {
  name: 'sveltekit',
  sdk: {
    package: '@workos/authkit-sveltekit',
    previous: '0.1.0',
    previousWithout: {
      'return-to': 'this version follows whatever address it is given',
      renewal: 'the session was gone when its access token had run out',
      latecomers: 'the session was gone when its access token had run out',
      secrets: 'its session cookie could not be opened to look for the refresh token',
    },
  },
  awayAnswer: 302,
  without: { 'csrf-token': 'SvelteKit compares the origins of forms; there is no token.' },
};

describeExample(example, lateSignOut);
