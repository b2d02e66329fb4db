import { describeExample, type Example } from '../suite/index.ts';
import { lateSignOut } from '../suite/late-sign-out.ts';

const example: Example = {
  name: 'react-router',
  sdk: { package: '@workos-inc/authkit-react-router', previous: '0.6.1' },
  // React Router keeps an object: base64 of its JSON, a dot, and a signature.
  sealIn: (value) => JSON.parse(Buffer.from(decodeURIComponent(value).split('.')[0] ?? '', 'base64').toString()).jwt,
  without: {
    'csrf-token': 'It compares origins and has no token.',
    'cookie-size': 'The cookie storage encodes the sealed session once more, and refuses more than 4096 bytes.',
  },
};

describeExample(example, lateSignOut);
