/** An `invitation_token` beside a code that can be used once: it is neither lost with the code nor burns it. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { onEachEngine, type TestServer } from '../harness.ts';
import { enable } from '../providers.ts';
import { makeInvitation, makeOrganization, membershipsOf } from './organization-steps.ts';
import { byCode, changeSettings, codeOf } from './steps.ts';

/** A code of a sign-in that has yet to prove the address: the provider does not vouch for it. */
async function unfinishedCode(server: TestServer, email: string): Promise<string> {
  const browser = server.browser();
  await browser.open(server.authorizeUrl({ provider: 'GitHubOAuth' }));
  return codeOf(await browser.submit({ persona: 'unverified', email }));
}

const verified = async (server: TestServer, email: string, pending_authentication_token: string) =>
  server.token({
    grant_type: 'urn:workos:oauth:grant-type:email-verification:code',
    code: await server.codeFor(email),
    pending_authentication_token,
  });

onEachEngine('an invitation_token beside the code of an unfinished sign-in', (start) => {
  it('is accepted once what is missing was proved', async () => {
    await using server = await start();
    await enable(server, 'GitHubOAuth');
    const email = 'ada@corp.example';
    const { id: organization_id } = await makeOrganization(server);
    const { token, id } = await makeInvitation(server, email, { organization_id });
    const stepUp = await server.token(byCode(await unfinishedCode(server, email), { invitation_token: token }));
    assert.deepEqual([stepUp.status, stepUp.json.code], [403, 'email_verification_required']);
    const invitation = async () => (await server.api('GET', `/user_management/invitations/${id}`)).json;
    assert.equal((await invitation()).state, 'pending', 'accepted before the address was proved');
    const { status, json, text } = await verified(server, email, stepUp.json.pending_authentication_token);
    assert.deepEqual([status, json.organization_id], [200, organization_id], text);
    assert.deepEqual([(await invitation()).state, (await invitation()).accepted_user_id], ['accepted', json.user.id]);
  });

  it('makes nobody a member who proves another address', async () => {
    await using server = await start();
    await enable(server, 'GitHubOAuth');
    const email = 'mallory@evil.example';
    const { id: organization_id } = await makeOrganization(server);
    const { token, id } = await makeInvitation(server, 'ada@corp.example', { organization_id });
    const stepUp = await server.token(byCode(await unfinishedCode(server, email), { invitation_token: token }));
    assert.deepEqual([stepUp.status, stepUp.json.code], [403, 'email_verification_required']);
    const { status, json } = await verified(server, email, stepUp.json.pending_authentication_token);
    assert.deepEqual([status, json.error], [400, 'invitation_cannot_be_used_for_email']);
    assert.equal((await server.api('GET', `/user_management/invitations/${id}`)).json.state, 'pending');
    assert.deepEqual(await membershipsOf(server, `organization_id=${organization_id}`), []);
  });
});

onEachEngine('an invitation_token of somebody else beside a code by mail', (start) => {
  it('is refused before the code is looked at, which stays good', async () => {
    await using server = await start();
    await changeSettings(server, { magicAuthSignIn: true });
    const { email } = await server.create.user({ email: 'bob@other.example', email_verified: true });
    const { id: organization_id } = await makeOrganization(server);
    const { token: invitation_token } = await makeInvitation(server, 'ada@corp.example', { organization_id });
    const { json: sent } = await server.api('POST', '/user_management/magic_auth', { email });
    const redeem = (more: object = {}) =>
      server.token({ grant_type: 'urn:workos:oauth:grant-type:magic-auth:code', email, code: sent.code, ...more });
    const refused = await redeem({ invitation_token });
    assert.deepEqual([refused.status, refused.json.error], [400, 'invitation_cannot_be_used_for_email']);
    const unknown = await redeem({ invitation_token, email: 'nobody@other.example' });
    assert.deepEqual(unknown.json, refused.json, 'tells whether somebody has the address');
    const { status, json, text } = await redeem();
    assert.deepEqual([status, json.user?.email], [200, email], text);
    assert.deepEqual(await membershipsOf(server, `organization_id=${organization_id}`), []);
  });
});
