import { describeExample } from '../suite/index.ts';

describeExample({
  name: 'react-express',
  sdk: { package: '@workos-inc/node', previous: '10.14.0' },
  csrf: { field: 'csrf_token', from: '/csrf-token' },
  without: { 'without-script': 'React makes the pages in the browser.' },
});
