import { describeExample, type Example } from '../suite/index.ts';
import { lateSignOut } from '../suite/late-sign-out.ts';

const example: Example = {
  name: 'tanstack-start',
  sdk: { package: '@workos/authkit-tanstack-react-start', previous: '0.9.1' },
  awayAnswer: 307,
  without: { 'csrf-token': 'TanStack Start compares the origins of what is posted; there is no token.' },
};

describeExample(example, lateSignOut);
