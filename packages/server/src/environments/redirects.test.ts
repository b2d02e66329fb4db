import assert from 'node:assert/strict';
import { it } from 'node:test';
import { onEachEngine, type TestServices } from '../../test/engines.ts';
import {
  EntityNotFound,
  InvalidRequestParameters,
  type PageQuery,
  sql,
  systemTenant,
  type Tenant,
} from '../core/index.ts';
import { findClient } from './clients.ts';
import { createEnvironment, type NewEnvironment } from './create-environment.ts';
import { DefaultRedirectInUse, RedirectUriExists } from './errors.ts';
import { listRedirects } from './redirects.store.ts';
import {
  defaultRedirectUri,
  defaultSignOutRedirect,
  makeDefault,
  matchRedirectUri,
  matchSignOutRedirect,
  registerRedirect,
  removeRedirect,
} from './redirects.ts';
import type { Client, RedirectRow } from './schema.ts';

const everything: PageQuery = { limit: 100, order: 'asc' };

async function environment(
  services: TestServices,
  wanted: Partial<NewEnvironment> = {},
): Promise<{ tenant: Tenant; client: Client }> {
  const { environmentId, clientId } = await services.db.transaction((tx) =>
    createEnvironment(services, tx, { name: 'Staging', kind: 'staging', applicationName: 'Shop', ...wanted }),
  );
  const client = await findClient(services, clientId);
  assert.ok(client);
  return { tenant: systemTenant(environmentId), client };
}

async function defaultsOf(services: TestServices, tenant: Tenant): Promise<string[]> {
  const { rows } = await listRedirects(services.db, tenant, 'redirect_uris', everything);
  return rows.filter(({ isDefault }) => isDefault).map(({ uri }) => uri);
}

const codes = (error: unknown): string[] => {
  assert.ok(error instanceof InvalidRequestParameters, String(error));
  return (error.extras.errors as { code: string }[]).map(({ code }) => code);
};

onEachEngine('redirects', (open) => {
  it('makes the first that can be the default the default, and only that', async () => {
    await using services = await open();
    const { tenant, client } = await environment(services);
    const add = (uri: string) => registerRedirect(services, tenant, 'redirect_uris', uri);
    assert.equal(await defaultRedirectUri(services, client), null);
    assert.equal((await add('https://*.preview.example.com/cb')).isDefault, false);
    assert.equal((await add('https://a.example.com/cb')).isDefault, true);
    assert.equal((await add('https://b.example.com/cb')).isDefault, false);
    assert.equal(await defaultRedirectUri(services, client), 'https://a.example.com/cb');
  });

  it('refuses a wildcard as the default and leaves the default where it was', async () => {
    await using services = await open();
    const { tenant } = await environment(services, { redirectUris: [{ uri: 'https://a.example.com/cb' }] });
    const wildcard = await registerRedirect(services, tenant, 'redirect_uris', 'https://*.preview.example.com/cb');
    const refused = await makeDefault(services, tenant, 'redirect_uris', wildcard.id).catch((error: unknown) => error);
    assert.deepEqual(codes(refused), ['wildcard_default']);
    assert.deepEqual(await defaultsOf(services, tenant), ['https://a.example.com/cb']);
  });

  it('has one default however many are made it at once', async () => {
    await using services = await open();
    const { tenant, client } = await environment(services);
    const rows: RedirectRow[] = [];
    for (let n = 0; n < 8; n++)
      rows.push(await registerRedirect(services, tenant, 'redirect_uris', `https://a${n}.example.com/cb`));
    await Promise.all(
      rows.flatMap(({ id }) => [id, id]).map((id) => makeDefault(services, tenant, 'redirect_uris', id)),
    );
    const defaults = await defaultsOf(services, tenant);
    assert.equal(defaults.length, 1);
    assert.equal(await defaultRedirectUri(services, client), defaults[0]);
  });

  it('has one default when many first ones arrive at once', async () => {
    await using services = await open();
    const { tenant } = await environment(services);
    const uris = Array.from({ length: 10 }, (_, n) => `https://a${n}.example.com/cb`);
    await Promise.all(uris.map((uri) => registerRedirect(services, tenant, 'redirect_uris', uri)));
    assert.equal((await defaultsOf(services, tenant)).length, 1);
  });

  it('registers a URI once when it is sent many times at once', async () => {
    await using services = await open();
    const { tenant } = await environment(services);
    const attempts = await Promise.allSettled(
      Array.from({ length: 10 }, () => registerRedirect(services, tenant, 'redirect_uris', 'https://a.example.com/cb')),
    );
    const refused = attempts.filter((attempt) => attempt.status === 'rejected');
    assert.equal(refused.length, 9);
    for (const { reason } of refused) {
      assert.ok(reason instanceof RedirectUriExists);
      assert.equal(reason.message, "Redirect URI 'https://a.example.com/cb' already exists.");
    }
  });

  it('treats what another environment registered as unknown', async () => {
    await using services = await open();
    const mine = await environment(services);
    const theirs = await environment(services, {
      redirectUris: [{ uri: 'https://a.example.com/cb' }, { uri: 'https://b.example.com/cb' }],
    });
    const { rows } = await listRedirects(services.db, theirs.tenant, 'redirect_uris', everything);
    const other = rows.find(({ isDefault }) => !isDefault);
    assert.ok(other);
    await assert.rejects(makeDefault(services, mine.tenant, 'redirect_uris', other.id), EntityNotFound);
    await assert.rejects(removeRedirect(services, mine.tenant, 'redirect_uris', other.id), EntityNotFound);
    await assert.rejects(
      listRedirects(services.db, mine.tenant, 'redirect_uris', { ...everything, after: other.id }),
      InvalidRequestParameters,
    );
    assert.equal((await listRedirects(services.db, theirs.tenant, 'redirect_uris', everything)).rows.length, 2);
    assert.equal(await matchRedirectUri(services, mine.client, 'https://a.example.com/cb'), null);
  });

  it('does not let an id of one list act on the other', async () => {
    await using services = await open();
    const { tenant } = await environment(services);
    await registerRedirect(services, tenant, 'redirect_uris', 'https://a.example.com/cb');
    const signOut = await registerRedirect(services, tenant, 'sign_out_redirects', 'https://a.example.com/');
    await assert.rejects(removeRedirect(services, tenant, 'redirect_uris', signOut.id), EntityNotFound);
    await assert.rejects(makeDefault(services, tenant, 'redirect_uris', signOut.id), EntityNotFound);
  });

  it('keeps the default redirect URI, and lets the only sign-out redirect go', async () => {
    await using services = await open();
    const { tenant, client } = await environment(services);
    const callback = await registerRedirect(services, tenant, 'redirect_uris', 'https://a.example.com/cb');
    await assert.rejects(removeRedirect(services, tenant, 'redirect_uris', callback.id), DefaultRedirectInUse);

    const first = await registerRedirect(services, tenant, 'sign_out_redirects', 'https://a.example.com/');
    const second = await registerRedirect(services, tenant, 'sign_out_redirects', 'https://b.example.com/');
    await assert.rejects(removeRedirect(services, tenant, 'sign_out_redirects', first.id), DefaultRedirectInUse);
    await removeRedirect(services, tenant, 'sign_out_redirects', second.id);
    await removeRedirect(services, tenant, 'sign_out_redirects', first.id);
    assert.equal(await defaultSignOutRedirect(services, client), null);
  });

  it('sees a change at once on the node that made it, and asks the database once for many matches', async () => {
    await using services = await open();
    const { tenant, client } = await environment(services);
    const uri = 'https://a.example.com/cb';
    assert.equal(await matchRedirectUri(services, client, uri), null);
    const row = await registerRedirect(services, tenant, 'redirect_uris', uri);
    assert.equal((await matchRedirectUri(services, client, uri))?.entry.id, row.id);
    // Behind the room's back, as another node would: this one may go on with what it knows for a few seconds.
    await services.db.run(sql`delete from redirect_uris`);
    assert.equal((await matchRedirectUri(services, client, uri))?.entry.id, row.id);
  });

  it('matches sign-out redirects against their own list only', async () => {
    await using services = await open();
    const { client } = await environment(services, {
      redirectUris: [{ uri: 'https://a.example.com/cb' }],
      signOutRedirects: [{ uri: 'https://a.example.com/' }, { uri: 'https://*.preview.example.com/' }],
    });
    assert.equal(await matchSignOutRedirect(services, client, 'https://a.example.com/'), true);
    assert.equal(await matchSignOutRedirect(services, client, 'https://x.preview.example.com/'), true);
    assert.equal(await matchSignOutRedirect(services, client, 'https://a.example.com/cb'), false);
    assert.equal(await matchRedirectUri(services, client, 'https://a.example.com/'), null);
  });

  it('holds production to its rules', async () => {
    await using services = await open();
    const { tenant } = await environment(services, { kind: 'production' });
    const refusal = async (uri: string) =>
      codes(await registerRedirect(services, tenant, 'redirect_uris', uri).catch((error: unknown) => error));
    assert.deepEqual(await refusal('https://*.preview.example.com/cb'), ['wildcard_strict']);
    assert.deepEqual(await refusal('https://a.example.com/cb?x=1'), ['query_in_production']);
    assert.deepEqual(await refusal('http://a.example.com/cb'), ['http_in_production']);
  });
});
