import { describeExample, type Example } from '../suite/index.ts';
import { lateSignOut } from '../suite/late-sign-out.ts';
import { ownStorage } from '../suite/own-storage.ts';
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
  without: {
    'foreign-callback': {
      reason: 'its SDK sends no PKCE challenge and ties `state` to no browser',
      instead: signsInByForeignCallback,
    },
    'csrf-token': 'It compares origins and has no token.',
  },
};

describeExample(example, (stage) => {
  lateSignOut(stage);
  ownStorage(stage);
});
