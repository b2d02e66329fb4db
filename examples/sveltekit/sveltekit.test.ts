import { describeExample, type Example } from '../suite/index.ts';
import { lateSignOut } from '../suite/late-sign-out.ts';
import { failsOnReplayedCallback, signsInByForeignCallback } from '../suite/walks/callbacks.ts';

const example: Example = {
  name: 'sveltekit',
  sdk: {
    package: '@workos/authkit-sveltekit',
    previous: '0.1.0',
    previousSays: 'with `wos_session` for `wos-session`, the name that its cookie has',
    previousCookie: 'wos_session',
    previousSetting: { adapted: (name, text) => [name, text.replaceAll('wos-session', 'wos_session')] },
    previousWithout: {
      'return-to': 'this version follows whatever address it is given',
      'foreign-callback': { reason: 'this version ties a sign-in to no browser', instead: signsInByForeignCallback },
      'replayed-callback': { reason: 'this version answers 500 then', instead: failsOnReplayedCallback },
    },
  },
  awayAnswer: 302,
  without: { 'csrf-token': 'SvelteKit compares the origins of forms; there is no token.' },
};

describeExample(example, lateSignOut);
