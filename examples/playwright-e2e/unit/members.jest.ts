/** The same in Jest. */
import { type AuthKit, createAuthKit } from '@authkit/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

let auth: AuthKit;

beforeAll(async () => {
  auth = await createAuthKit();
});
afterAll(() => auth?.close());

test('mails a person who is invited', async () => {
  await auth.call('POST', '/user_management/invitations', { email: 'grace@example.com' });
  expect((await auth.mail.waitFor({ to: 'grace@example.com' })).subject).toContain('invited');
});
