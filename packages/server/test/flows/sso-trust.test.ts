/** For how long the word of an organization's provider counts in other organizations: as long as the domain is its own. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { onEachEngine, type TestServer } from '../harness.ts';
import { startOidcProvider } from '../oidc-provider.ts';
import { makeMember, makeOrganization } from './organization-steps.ts';
import { connect, signInByConnection } from './sso-steps.ts';
import { byCode, byRefresh, codeOf, forgetRounds, makeUser } from './steps.ts';

onEachEngine('the word of an organization’s provider in another organization', (start) => {
  it('counts no more, at a refresh or silently, once the domain is not the organization’s', async () => {
    await using server: TestServer = await start();
    await using provider = await startOidcProvider();
    const acme = await connect(server, provider);
    const user = await makeUser(server, { email: 'grace@acme.com' });
    const other = await makeOrganization(server, 'Other');
    for (const id of [acme.organization.id, other.id]) await makeMember(server, user.id, id);
    provider.person = { sub: 'grace-1', email: user.email };
    const { browser, done } = await signInByConnection(server, provider, { connection_id: acme.connectionId });
    const first = await server.token(byCode(codeOf(done)));
    assert.equal(first.status, 200, first.text);
    const there = await server.token(byRefresh(first.json.refresh_token, { organization_id: other.id }));
    assert.deepEqual([there.status, there.json.organization_id], [200, other.id], there.text);
    const silently = () => {
      forgetRounds(browser);
      return browser.open(server.authorizeUrl({ organization_id: other.id }));
    };
    assert.ok(codeOf(await silently()), 'its word counted while the domain was its own');

    const { json: organization } = await server.api('GET', `/organizations/${acme.organization.id}`);
    const gone = await server.api('DELETE', `/organization_domains/${organization.domains[0].id}`);
    assert.ok(gone.status < 300, gone.text);
    const refused = await server.token(byRefresh(there.json.refresh_token));
    assert.equal(refused.status, 400, refused.text);
    assert.equal((await silently()).location?.searchParams.get('code') ?? null, null);
    const home = await server.token(byRefresh(there.json.refresh_token, { organization_id: acme.organization.id }));
    assert.equal(home.status, 200, `at home it counts still: ${home.text}`);
  });
});
