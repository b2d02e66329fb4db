import { describeExample, type Example } from '../suite/index.ts';
import { lateSignOut } from '../suite/late-sign-out.ts';
import { ownStorage } from '../suite/own-storage.ts';
import { signsInByForeignCallback } from '../suite/walks/callbacks.ts';

const example: Example = {
  name: 'remix',
  sdk: {
    package: '@workos-inc/authkit-remix',
    previous: null,
    previousSays: '0.9 has neither `switchToOrganization` nor `onSessionRefreshError`, which the example calls',
  },
  forgedAnswer: 500,
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
