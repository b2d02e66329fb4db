import { describeExample, type Example } from '../suite/index.ts';
import { lateSignOut } from '../suite/late-sign-out.ts';

const example: Example = {
  name: 'remix',
  // 0.9 has neither `switchToOrganization` nor `onSessionRefreshError`.
  sdk: { package: '@workos-inc/authkit-remix', previous: null },
  // Remix keeps an object: base64 of its JSON, a dot, and a signature.
  sealIn: (value) => JSON.parse(Buffer.from(decodeURIComponent(value).split('.')[0] ?? '', 'base64').toString()).jwt,
  without: {
    'csrf-token': 'It compares origins and has no token.',
    'cookie-size': 'The cookie storage encodes the sealed session once more, and refuses more than 4096 bytes.',
  },
};

describeExample(example, lateSignOut);
