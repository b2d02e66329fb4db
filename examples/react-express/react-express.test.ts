import { describeExample } from '../suite/index.ts';

describeExample({
  name: 'react-express',
  sdk: { package: '@workos-inc/node', previous: '10.14.0' },
  sampled: '`examples/vanilla-express` takes every walk on the same SDK, with the same server',
  csrf: { field: 'csrf_token', from: '/csrf-token' },
  without: { 'without-script': 'React makes the pages in the browser.' },
});
