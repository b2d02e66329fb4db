import { describeExample, type Example } from '../suite/index.ts';
import { lateSignOut } from '../suite/late-sign-out.ts';
import { signsInByForeignCallback } from '../suite/walks/callbacks.ts';
import { showsAccessToken } from '../suite/walks/closing.ts';

const example: Example = {
  name: 'react-router',
  sdk: {
    package: '@workos-inc/authkit-react-router',
    previous: '0.6.1',
    previousWithout: {
      'access-token': { reason: 'this version puts the access token into each page', instead: showsAccessToken },
    },
  },
  // React Router keeps an object: base64 of its JSON, a dot, and a signature.
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
