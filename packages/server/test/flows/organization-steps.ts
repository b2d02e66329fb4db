/** Steps that flows with organizations share. */
import { type Answer, goodPassword, type TestServer } from '../harness.ts';
import { makeUser } from './steps.ts';

const memberships = '/user_management/organization_memberships';

async function made(answer: Promise<Answer>) {
  const { status, json, text } = await answer;
  if (status !== 201) throw new Error(`It was not made: ${status} ${text}`);
  return json;
}

export const makeOrganization = (server: TestServer, name = 'Acme', more: object = {}) =>
  made(server.api('POST', '/organizations', { name, ...more }));

export const makeMember = (server: TestServer, user_id: string, organization_id: string, more: object = {}) =>
  made(server.api('POST', memberships, { user_id, organization_id, ...more }));

export const makeInvitation = (server: TestServer, email: string, more: object = {}) =>
  made(server.api('POST', '/user_management/invitations', { email, ...more }));

/** A user with a proven address who is a member of organizations of these names. */
export async function makeMemberOf(server: TestServer, names: readonly string[], more: Record<string, unknown> = {}) {
  const user = await makeUser(server, more);
  const organizations = [];
  for (const name of names) {
    const organization = await makeOrganization(server, name);
    await makeMember(server, user.id, organization.id);
    organizations.push(organization);
  }
  return { user, organizations };
}

export const membershipsOf = async (server: TestServer, query: string) =>
  (await server.api('GET', `${memberships}?${query}&statuses=active,inactive,pending`)).json.data;

export const byPassword = (email: string, more: Record<string, string | null> = {}) => ({
  grant_type: 'password',
  email,
  password: goodPassword,
  ...more,
});

export const bySelection = (pending_authentication_token: string, organization_id: string) => ({
  grant_type: 'urn:workos:oauth:grant-type:organization-selection',
  pending_authentication_token,
  organization_id,
});
