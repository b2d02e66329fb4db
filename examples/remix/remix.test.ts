import { describeExample, type Example } from '../suite/index.ts';
import { lateSignOut } from '../suite/late-sign-out.ts';
import { signsInByForeignCallback } from '../suite/walks/callbacks.ts';

const example: Example = {
  name: 'remix',
  sdk: {
    package: '@workos-inc/authkit-remix',
    previous: null,
    previousSays: '0.9 has neither `switchToOrganization` nor `onSessionRefreshError`, which the example calls',
  },
  forgedAnswer: 500,
  // Remix keeps an object: base64 of its JSON, a dot, and a signature.
  sealIn: (value) => JSON.parse(Buffer.from(decodeURIComponent(value).split('.')[0] ?? '', 'base64').toString()).jwt,
  without: {
    'foreign-callback': {
      reason: 'its SDK sends no PKCE challenge and ties `state` to no browser',
      instead: signsInByForeignCallback,
    },
    'csrf-token': 'It compares origins and has no token.',
    'cookie-size': 'The cookie storage encodes the sealed session once more, and refuses more than 4096 bytes.',
  },
};

describeExample(example, lateSignOut);
