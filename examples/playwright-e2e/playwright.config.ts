import { authkit } from '@authkit/testing/playwright';

export default authkit({
  app: { command: 'npm start' },
  testDir: 'e2e',
  workers: 2,
  use: { trace: 'retain-on-failure' },
});
