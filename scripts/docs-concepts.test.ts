/** The tables of docs/concepts, held against the rules they tell of, and what the pages say of a running server. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { checkCorsOrigin } from '../packages/server/src/environments/cors-origin-rules.ts';
import { defaultSettings, settingBounds } from '../packages/server/src/environments/settings-defaults.ts';
import { maxClaimsBytes } from '../packages/server/src/jwt-templates/limits.ts';
import { makeMember, makeOrganization } from '../packages/server/test/flows/organization-steps.ts';
import { asOperator, becomeOwner, byCode, otherEnvironment } from '../packages/server/test/flows/steps.ts';
import { claimsOf, goodPassword, startServer, type TestServer } from '../packages/server/test/harness.ts';
import { pagesHere } from './markdown.ts';

const concepts = pagesHere().filter(({ path }) => path.startsWith('docs/concepts/'));
const textOf = (name: string): string =>
  concepts.find(({ path }) => path === `docs/concepts/${name}.md`)?.text ?? assert.fail(`no ${name}.md`);

/** The rows of the table below a mark, as their cells. */
function rowsOf(page: string, mark: string): readonly (readonly string[])[] {
  const [table = ''] = (textOf(page).split(`<!-- ${mark} -->\n\n`)[1] ?? assert.fail(`no ${mark}`)).split('\n\n');
  const rows = table.split('\n').slice(2);
  return rows.map((row) => row.slice(2, -2).split(' | '));
}

const codesOf = (cell: string): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

describe('docs/concepts', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server[Symbol.asyncDispose]());

  it('says how long things last as the settings do', () => {
    const units: Readonly<Record<string, number>> = { minute: 60, minutes: 60, days: 86_400 };
    const secondsOf = (written: string): number => {
      const [count = '', unit = ''] = written.split(' ');
      return Number(count) * (units[unit] ?? assert.fail(written));
    };
    const names = {
      access_token_seconds: 'accessTokenSeconds',
      session_idle_seconds: 'sessionIdleSeconds',
      session_max_seconds: 'sessionMaxSeconds',
    } as const;
    const rows = rowsOf('sessions-and-cookies', 'checked: lifetimes');
    assert.equal(rows.length, 3);
    for (const [, setting = '', usual = '', from = '', to = ''] of rows) {
      const name = names[codesOf(setting)[0] as keyof typeof names];
      assert.deepEqual(
        [secondsOf(usual), secondsOf(from), secondsOf(to)],
        [defaultSettings('staging')[name], settingBounds[name].min, settingBounds[name].max],
        setting,
      );
    }
  });

  it('says which origins are taken as the rules do', () => {
    const rows = rowsOf('cors', 'executed: origins');
    assert.ok(rows.length > 6);
    for (const [cell = '', ...taken] of rows) {
      const [origin = ''] = codesOf(cell);
      const found = (['staging', 'production'] as const).map((kind) => checkCorsOrigin(origin, { kind }).allowed);
      assert.deepEqual(
        taken.slice(0, 2).map((word) => word === 'yes'),
        found,
        origin,
      );
    }
  });

  it('tells of every claim of a token, and of none that is not there', async () => {
    const [person, organization] = [
      await server.create.user({ email: 'ada@example.com', password: goodPassword, email_verified: true }),
      await makeOrganization(server, 'Acme'),
    ];
    await makeMember(server, person.id, organization.id);
    const { json } = await server.token({ grant_type: 'password', email: 'ada@example.com', password: goodPassword });
    const told = rowsOf('tokens-and-claims', 'checked: claims').flatMap(([cell = '']) => codesOf(cell));
    const claims = Object.keys(claimsOf(json.access_token));
    assert.deepEqual([...told].sort(), [...claims, 'act'].sort());
    assert.ok(textOf('tokens-and-claims').includes(` ${maxClaimsBytes} bytes`));
    assert.ok(textOf('sessions-and-cookies').includes(` ${maxClaimsBytes} bytes`));
  });

  it('answers an id of another environment, and a key that is none, as the page about keys says', async () => {
    const other = await otherEnvironment(server);
    const authorization = `Bearer ${other.apiKey}`;
    const made = await server.api('POST', '/user_management/users', { email: 'eve@example.com' }, { authorization });
    const theirs: string = made.json.id;
    const answerTo = async (id: string, headers = {}) => {
      const { status, json } = await server.api('GET', `/user_management/users/${id}`, undefined, headers);
      return [status, JSON.parse(JSON.stringify(json).replaceAll(id, 'ID'))];
    };
    assert.equal((await answerTo(theirs, { authorization }))[0], 200, 'nobody has that id');
    const refused = await answerTo(theirs);
    assert.deepEqual([refused[0], refused[1].code], [404, 'entity_not_found']);
    assert.deepEqual(refused, await answerTo('user_01J00000000000000000000000'));
    assert.ok(!(await server.api('GET', '/user_management/users?limit=100')).text.includes(theirs));
    const cut = await server.api('GET', '/user_management/users', undefined, {
      authorization: `Bearer ${server.apiKey.slice(0, -4)}`,
    });
    assert.deepEqual([cut.status, cut.json.message], [401, 'Unauthorized']);
    const inAddress = await fetch(`${server.url}/user_management/users?api_key=${server.apiKey}`);
    assert.equal(inAddress.status, 401);
  });

  it('begins at the sign-in endpoint, ends at the sign-out redirect, and takes no second click for a password', async () => {
    const { browser, code } = await server.signUp('grace@example.com');
    const { json } = await server.token(byCode(code));
    const bookmark = await server.browser().open('/sign-in');
    assert.equal(bookmark.location?.href, 'http://localhost:3000/login');
    const again = await browser.open(server.authorizeUrl());
    assert.ok(again.location?.searchParams.get('code'), 'a second app signs in without a form');
    const { sid } = claimsOf(json.access_token);
    const out = await browser.open(`/user_management/sessions/logout?session_id=${sid}`);
    assert.equal(out.location?.href, 'http://localhost:3000/');
    const refused = await server.token({ grant_type: 'refresh_token', refresh_token: json.refresh_token });
    assert.equal(refused.json.error, 'invalid_grant');
    const asked = await browser.open(server.authorizeUrl());
    assert.equal(asked.location, null, 'signed out: the form is shown again');
  });

  it('fills claims of an environment’s own from the template it shows', async () => {
    const [, template = ''] = /```text\n(\{ "locale".*)\n```/.exec(textOf('tokens-and-claims')) ?? [];
    const set = await server.api('PUT', '/user_management/jwt_template', { content: template });
    assert.equal(set.status, 200, set.text);
    const owner = await becomeOwner(server);
    const listed = await asOperator(server, owner, 'GET', '/user_management/cors_origins');
    const origins = listed.json.data.map(({ origin }: { origin: string }) => origin).sort();
    assert.deepEqual(origins, ['http://localhost:3000', 'http://localhost:5173'], 'as the page about CORS says');
  });
});
