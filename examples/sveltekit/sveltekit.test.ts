import { describeExample, type Example } from '../suite/index.ts';
import { lateSignOut } from '../suite/late-sign-out.ts';

const example: Example = {
  name: 'sveltekit',
  sdk: { package: '@workos/authkit-sveltekit', previous: '0.1.0' },
  awayAnswer: 302,
  without: { 'csrf-token': 'SvelteKit compares the origins of forms; there is no token.' },
};

describeExample(example, lateSignOut);
