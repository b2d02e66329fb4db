/** The platform without a browser, in Vitest: what the app's own code asks of it. */
import { type AuthKit, createAuthKit } from '@authkit/testing';
import { WorkOS } from '@workos-inc/node';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

let auth: AuthKit;
let before: Awaited<ReturnType<AuthKit['snapshot']>>;

beforeAll(async () => {
  auth = await createAuthKit();
});
afterAll(() => auth?.close());
beforeEach(async () => {
  before = await auth.snapshot();
});
afterEach(() => auth.restore(before));

test('lists who is a member of an organization', async () => {
  const ada = await auth.user({ org: 'Acme', role: 'admin', password: null });
  const { hostname, port } = new URL(auth.url);
  const { apiKey } = auth;
  const { userManagement } = new WorkOS({ apiKey, apiHostname: hostname, port: Number(port), https: false });
  const { data } = await userManagement.listUsers({ organizationId: ada.organization?.id });
  expect(data.map(({ email }) => email)).toEqual([ada.email]);
});

test('begins where the other test began', async () => {
  expect((await auth.call('GET', '/organizations')).data).toEqual([]);
});
