import { describeExample, type Example } from '../suite/index.ts';

const example: Example = {
  name: 'next-composable',
  sdk: { package: '@workos-inc/authkit-nextjs', previous: '3.0.1' },
  environment: ({ WORKOS_REDIRECT_URI, ...others }) => ({
    ...others,
    NEXT_PUBLIC_WORKOS_REDIRECT_URI: WORKOS_REDIRECT_URI,
  }),
  forgedAnswer: 500,
  without: { 'csrf-token': 'Next.js compares the origins of server actions; there is no token.' },
};

describeExample(example);
