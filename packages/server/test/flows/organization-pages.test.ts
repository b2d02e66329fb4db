import assert from 'node:assert/strict';
import { it } from 'node:test';
import { systemTenant } from '../../src/core/index.ts';
import { updateApplication } from '../../src/environments/settings.ts';
import { updatePolicy } from '../../src/organizations/policy.ts';
import { goodPassword, onEachEngine, type TestBrowser, type TestServer } from '../harness.ts';
import { makeInvitation, makeMember, makeMemberOf, makeOrganization, membershipsOf } from './organization-steps.ts';
import { byCode, changeSettings, codeOf, makeUser, signIn, waysIn } from './steps.ts';

const invitations = '/user_management/invitations';

/** Sends the form whose button says this. */
function press(browser: TestBrowser, name: string, value: string) {
  const form = [...browser.text.matchAll(/<form[\s\S]*?<\/form>/g)].find(([text]) =>
    new RegExp(`name="${name}"( type="submit")? value="${value}"|value="${value}"[^>]*name="${name}"`).test(text),
  )?.[0];
  assert.ok(form, `there is no ${name}=${value} at ${browser.path}: ${browser.text.slice(-1500)}`);
  const action = /action="([^"]*)"/.exec(form)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const hidden = [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
  return browser.post(action, {
    ...Object.fromEntries(hidden.map(([, key = '', text = '']) => [key, text])),
    [name]: value,
  });
}

const organizationOf = async (server: TestServer, code: string): Promise<string | undefined> =>
  (await server.token(byCode(code))).json.organization_id;

const withoutEndpoint = (server: TestServer) =>
  updateApplication(server.running.services, systemTenant(server.environmentId), { signInEndpoint: null });

onEachEngine('choosing an organization', (start) => {
  it('is asked of members of several, once per browser, and answered by a button', async () => {
    await using server = await start();
    const { user, organizations } = await makeMemberOf(server, ['Globex Corporation', 'Acme']);
    const foreign = await makeOrganization(server, 'Initech');
    const [globex, acme] = organizations;
    const browser = server.browser();
    await browser.open(server.authorizeUrl());
    await browser.submit({ email: user.email });
    await browser.submit({ password: goodPassword });
    assert.match(browser.path, /^\/organization\?/);
    assert.match(browser.text, /<span class="tile" aria-hidden="true">GC<\/span><bdi>Globex Corporation<\/bdi>/);
    assert.ok(browser.text.indexOf('Acme') < browser.text.indexOf('<bdi>Globex'), 'by name');
    assert.ok(!browser.text.includes('Initech'));
    const before = await waysIn(server);
    const form = browser.form('/organization');
    for (const organization_id of [foreign.id, '', 'org_unknown'])
      assert.equal((await browser.post(form.action, { ...form.hidden, organization_id })).location, null);
    assert.deepEqual(await waysIn(server), before, 'no choice of somebody else’s organization leads in');
    const done = await press(browser, 'organization_id', globex.id);
    assert.equal(await organizationOf(server, codeOf(done)), globex.id);
    const silent = await browser.open(server.authorizeUrl());
    assert.equal(await organizationOf(server, codeOf(silent)), globex.id, 'the one they were in last');
    const [membership] = await membershipsOf(server, `user_id=${user.id}&organization_id=${globex.id}`);
    await server.api('DELETE', `/user_management/organization_memberships/${membership.id}`);
    const next = await browser.open(server.authorizeUrl());
    assert.equal(await organizationOf(server, codeOf(next)), acme.id, 'the only one that is left');
  });

  it('is not answered by another browser, nor before the password', async () => {
    await using server = await start();
    const { user, organizations } = await makeMemberOf(server, ['Acme', 'Globex']);
    const browser = server.browser();
    await browser.open(server.authorizeUrl());
    await browser.submit({ email: user.email });
    const early = browser.form('/sign-in/password');
    const attempt = new URL(early.action, server.url).searchParams.get('attempt');
    const wanted = { ...early.hidden, step: 'organization', organization_id: organizations[0].id };
    await browser.post(`/organization?attempt=${attempt}`, wanted);
    assert.deepEqual(await waysIn(server), { codes: 0, browsers: 0, sessions: 0 });
    await browser.open(`/sign-in/password?attempt=${attempt}`);
    await browser.submit({ password: goodPassword }, '/sign-in/password');
    const form = browser.form('/organization');
    const stolen = await server.browser().post(form.action, { ...form.hidden, organization_id: organizations[0].id });
    assert.equal(stolen.status, 400);
    const forged = await browser.post(form.action, { ...form.hidden, csrf: 'x', organization_id: organizations[0].id });
    assert.equal(forged.status, 403);
    assert.deepEqual(await waysIn(server), { codes: 0, browsers: 0, sessions: 0 });
  });

  it('tells who is no member of the organization that the app asks for', async () => {
    await using server = await start();
    const { user } = await makeMemberOf(server, ['Acme']);
    const foreign = await makeOrganization(server, 'Initech');
    const browser = server.browser();
    await browser.open(server.authorizeUrl({ organization_id: foreign.id, state: 's' }));
    await browser.submit({ email: user.email });
    await browser.submit({ password: goodPassword });
    assert.match(browser.text, /You are not a member of Initech/);
    const back = await press(browser, 'choice', 'back');
    assert.equal(back.location?.searchParams.get('error'), 'access_denied');
    assert.equal(back.location?.searchParams.get('state'), 's');
    await press(browser, 'choice', 'other_account');
    assert.match(browser.path, /^\/sign-in\?/);
    const member = await makeUser(server);
    await makeMember(server, member.id, foreign.id);
    await browser.submit({ email: member.email });
    const done = await browser.submit({ password: goodPassword });
    assert.equal(await organizationOf(server, codeOf(done)), foreign.id);
  });

  it('sends nobody back to an address that was taken off the list meanwhile', async () => {
    await using server = await start();
    const { user } = await makeMemberOf(server, ['Acme']);
    const foreign = await makeOrganization(server, 'Initech');
    const uri = 'http://localhost:3000/leaving';
    const { json } = await server.api('POST', '/user_management/redirect_uris', { uri });
    const browser = server.browser();
    await browser.open(server.authorizeUrl({ organization_id: foreign.id, redirect_uri: uri }));
    await browser.submit({ email: user.email });
    await browser.submit({ password: goodPassword });
    assert.equal((await server.api('DELETE', `/user_management/redirect_uris/${json.id}`)).status, 204);
    const { status, location } = await press(browser, 'choice', 'back');
    assert.deepEqual([status, location], [400, null]);
  });

  it('says which ways in an organization allows, and lets choose another one', async () => {
    await using server = await start();
    const { user, organizations } = await makeMemberOf(server, ['Acme', 'Globex']);
    const [acme, globex] = organizations;
    const tenant = systemTenant(server.environmentId);
    await updatePolicy(server.running.services, tenant, acme.id, { sign_in_methods: ['Passkey', 'GitHubOAuth'] });
    const browser = server.browser();
    await browser.open(server.authorizeUrl());
    await browser.submit({ email: user.email });
    await browser.submit({ password: goodPassword });
    await press(browser, 'organization_id', acme.id);
    assert.match(browser.path, /^\/sign-in\/method\?/);
    assert.match(browser.text, /<li>A passkey<\/li><li>GitHub<\/li>/);
    await press(browser, 'choice', 'again');
    assert.match(browser.path, /^\/sign-in\/password\?/);
    await browser.submit({ password: goodPassword }, '/sign-in/password');
    assert.match(browser.path, /^\/sign-in\/method\?/, 'the same way is no other way');
    await press(browser, 'choice', 'organization');
    const done = await press(browser, 'organization_id', globex.id);
    assert.equal(await organizationOf(server, codeOf(done)), globex.id);
  });
});

onEachEngine('an invitation by mail', (start) => {
  /** The link of the newest mail. */
  const linkFor = async (server: TestServer, email: string): Promise<string> =>
    /https?:\/\/\S+\/invite\?\S+/.exec((await server.mails(email))[0]?.text ?? '')?.[0] ?? '';

  it('leads a new person through sign-up into the organization, by way of the app', async () => {
    await using server = await start();
    const { id: organization_id } = await makeOrganization(server, 'Acme');
    const { id } = await makeInvitation(server, 'ada@example.com', { organization_id, role_slug: 'admin' });
    const browser = server.browser();
    const link = await linkFor(server, 'ada@example.com');
    for (let count = 0; count < 3; count++) await browser.open(link);
    assert.equal((await server.api('GET', `${invitations}/${id}`)).json.state, 'pending', 'looking accepts nothing');
    assert.match(browser.text, /Join Acme/);
    assert.match(browser.text, /ada@example\.com/);
    const sent = await browser.submit({});
    assert.equal(sent.location?.href, 'http://localhost:3000/login');
    // The app begins a sign-in, as SDKs write it, and knows nothing of the invitation.
    await browser.open(server.authorizeUrl({ state: 'from-the-app', screen_hint: 'sign-in' }));
    assert.match(browser.path, /^\/sign-up\?/);
    assert.match(browser.text, /value="ada@example\.com"/);
    assert.match(browser.text, /to join <b><bdi>Acme<\/bdi><\/b>/);
    await browser.submit({ email: 'ada@example.com', password: goodPassword });
    const done = await browser.submit({ code: await server.codeFor('ada@example.com') });
    assert.equal(done.location?.searchParams.get('state'), 'from-the-app');
    const { json } = await server.token(byCode(codeOf(done)));
    assert.equal(json.organization_id, organization_id);
    const [membership] = await membershipsOf(server, `organization_id=${organization_id}`);
    assert.deepEqual([membership.user_id, membership.status, membership.role.slug], [json.user.id, 'active', 'admin']);
    await server.browser().open(link);
    const again = await server.browser().open(link);
    assert.match(again.text, /This invitation was accepted/);
  });

  it('leads somebody with an account through sign-in, and back to the app without a sign-in endpoint', async () => {
    await using server = await start();
    await withoutEndpoint(server);
    const { user } = await makeMemberOf(server, ['Globex'], { email: 'ada@example.com' });
    const { id: organization_id } = await makeOrganization(server, 'Acme');
    await makeInvitation(server, user.email, { organization_id });
    const browser = server.browser();
    await browser.open(await linkFor(server, user.email));
    await browser.submit({});
    assert.match(browser.path, /^\/sign-in\?/);
    await browser.submit({ email: user.email });
    assert.match(browser.text, /to join <b><bdi>Acme<\/bdi><\/b>/);
    const done = await browser.submit({ password: goodPassword });
    assert.equal(`${done.location?.origin}${done.location?.pathname}`, 'http://localhost:3000/callback');
    assert.equal(await organizationOf(server, codeOf(done)), organization_id);
  });

  it('makes nobody a member who only follows a link: who is signed in already is asked', async () => {
    await using server = await start();
    const { id: organization_id } = await makeOrganization(server, 'Attackers Inc');
    const ada = await makeUser(server);
    const { browser } = await signIn(server, ada.email);
    const { token, id } = await makeInvitation(server, ada.email, { organization_id });
    const url = server.authorizeUrl({ invitation_token: token });
    const silent = await browser.open(server.authorizeUrl({ invitation_token: token, prompt: 'none' }));
    assert.equal(silent.location?.searchParams.get('error'), 'interaction_required');
    await browser.open(url);
    assert.match(browser.path, /^\/invitation\?/);
    assert.match(browser.text, /Join Attackers Inc/);
    const state = async () => [
      (await server.api('GET', `${invitations}/${id}`)).json.state,
      ...(await membershipsOf(server, `user_id=${ada.id}`)).map(({ status }: { status: string }) => status),
    ];
    const { action, hidden } = browser.form('/invitation');
    const before = await waysIn(server);
    await browser.clone().post(action, { ...hidden, csrf: 'x' });
    await browser.clone().post(action, hidden, { origin: 'https://evil.example' });
    await server.browser().post(action, hidden);
    // Nor does another page of the sign-in lead past the question.
    await browser.clone().open(action.replace('/invitation', '/sign-in/confirm'));
    assert.deepEqual([await state(), await waysIn(server)], [['pending', 'pending'], before]);
    const done = await browser.submit({}, '/invitation');
    assert.equal(await organizationOf(server, codeOf(done)), organization_id);
    assert.deepEqual(await state(), ['accepted', 'active']);
  });

  it('joins a signed-in person with a click, and explains itself to somebody else', async () => {
    await using server = await start();
    const { id: organization_id } = await makeOrganization(server, 'Acme');
    const ada = await makeUser(server, { email: 'ada@example.com' });
    const { browser } = await signIn(server, ada.email);
    const { token } = await makeInvitation(server, ada.email, { organization_id });
    await browser.open(server.authorizeUrl({ invitation_token: token }));
    const done = await browser.submit({}, '/invitation');
    assert.equal(await organizationOf(server, codeOf(done)), organization_id);
    const { id: elsewhere } = await makeOrganization(server, 'Globex');
    const declined = await makeInvitation(server, ada.email, { organization_id: elsewhere });
    await browser.open(server.authorizeUrl({ invitation_token: declined.token }));
    assert.ok(codeOf(await press(browser, 'choice', 'without')));
    assert.equal((await server.api('GET', `${invitations}/${declined.id}`)).json.state, 'pending');

    const grace = await makeUser(server, { email: 'grace@gmail.com' });
    const other = await makeInvitation(server, 'alan@gmail.com', { organization_id });
    const wrong = (await signIn(server, grace.email)).browser;
    await wrong.open(server.authorizeUrl({ invitation_token: other.token }));
    assert.match(wrong.text, /This invitation is for another address/);
    assert.match(wrong.text, /alan@gmail\.com/);
    const without = await press(wrong, 'choice', 'without');
    assert.equal(await organizationOf(server, codeOf(without)), undefined);
    assert.equal((await server.api('GET', `${invitations}/${other.id}`)).json.state, 'pending');
  });

  it('is over when it is over, whoever asks', async () => {
    await using server = await start();
    const { token, id } = await makeInvitation(server, 'ada@example.com');
    await server.api('POST', `${invitations}/${id}/revoke`);
    for (const wrong of [token, 'unknown', '']) {
      const { status, text } = await server.browser().open(`/invite?invitation_token=${wrong}`);
      assert.equal(status, 400);
      assert.match(text, /This invitation does not work any more/);
    }
    const { text } = await server.browser().open(server.authorizeUrl({ invitation_token: token, state: 'a b' }));
    assert.match(text, /Continue without it/);
    const forged = await makeInvitation(server, 'alan@example.com');
    const browser = server.browser();
    const fields = { invitation_token: forged.token, csrf: 'x' };
    assert.equal((await browser.post('/invite', fields)).status, 403);
    await browser.open(`/invite?invitation_token=${forged.token}`);
    const { hidden } = browser.form('/invite');
    assert.equal((await browser.post('/invite', hidden, { origin: 'https://evil.example' })).status, 403);
  });

  it('asks for a proof of the inbox even where the environment does not', async () => {
    await using server = await start();
    await changeSettings(server, { requireEmailVerification: false });
    const { id: organization_id } = await makeOrganization(server, 'Acme');
    const { token } = await makeInvitation(server, 'ada@example.com', { organization_id });
    const browser = server.browser();
    await browser.open(server.authorizeUrl({ invitation_token: token }));
    await browser.submit({ email: 'ada@example.com', password: goodPassword });
    assert.match(browser.path, /^\/verify-email\?/);
    assert.deepEqual(await membershipsOf(server, `organization_id=${organization_id}`), []);
    const done = await browser.submit({ code: await server.codeFor('ada@example.com') });
    assert.equal(await organizationOf(server, codeOf(done)), organization_id);
  });

  it('is kept by a sign-in that starts again, as long as it can be accepted', async () => {
    await using server = await start();
    const organization = await makeOrganization(server, 'Acme');
    const restart = async (end?: (id: string) => Promise<unknown>) => {
      const email = `${organization.id}-${end ? 'revoked' : 'open'}@example.com`.replace('_', '-').toLowerCase();
      const { id, token } = await makeInvitation(server, email, { organization_id: organization.id });
      const browser = server.browser();
      await browser.open(server.authorizeUrl({ invitation_token: token }));
      await end?.(id);
      server.clock.advance(11 * 60);
      await browser.open(browser.path);
      const url =
        /href="(\/user_management\/authorize\?[^"]*)"/.exec(browser.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
      return { token, email, browser, url, kept: new URL(url, server.url).searchParams.get('invitation_token') };
    };
    const { token, email, browser, url, kept } = await restart();
    assert.equal(kept, token);
    await browser.open(url);
    assert.match(browser.path, /^\/sign-up/);
    assert.ok(browser.text.includes(email));
    const revoked = await restart((id) => server.api('POST', `/user_management/invitations/${id}/revoke`));
    assert.equal(revoked.kept, null);
    const { path } = browser;
    const stranger = server.browser();
    await stranger.open(path);
    assert.ok(!stranger.text.includes(token), 'another browser is told the token');
  });
});

onEachEngine('sign-up that is closed', (start) => {
  it('explains itself, makes no account by any request, and opens for the invited address alone', async () => {
    await using server = await start();
    await changeSettings(server, { signUp: 'invite_only' });
    const browser = server.browser();
    await browser.open(server.authorizeUrl());
    assert.ok(!browser.text.includes('Create an account'));
    await browser.open(server.authorizeUrl({ screen_hint: 'sign-up' }));
    assert.match(browser.text, /Your app is by invitation/);
    const attempt = new URL(browser.path, server.url).searchParams.get('attempt');
    await browser.open(`/sign-in?attempt=${attempt}`);
    const { hidden } = browser.form('/sign-in');
    const typed = { email: 'mallory@example.com', password: goodPassword };
    await browser.post(`/sign-up?attempt=${attempt}`, { ...hidden, ...typed, step: 'sign_up' });
    assert.deepEqual((await server.api('GET', '/user_management/users')).json.data, []);

    const { token } = await makeInvitation(server, 'ada@acme.com');
    const invited = server.browser();
    await invited.open(server.authorizeUrl({ invitation_token: token }));
    for (const email of ['mallory@example.com', 'bob@acme.com']) {
      const refused = await invited.submit({ email, password: goodPassword }, '/sign-up');
      assert.equal(refused.status, 422);
      assert.match(refused.text, /The invitation is for ada@acme\.com/);
    }
    await invited.submit({ email: 'ada@acme.com', password: goodPassword }, '/sign-up');
    const done = await invited.submit({ code: await server.codeFor('ada@acme.com') });
    assert.equal((await server.token(byCode(codeOf(done)))).status, 200);
    assert.equal((await server.api('GET', '/user_management/users')).json.data.length, 1);
  });

  it('takes addresses onto a waitlist, with one answer for all, and lets in by mail', async () => {
    await using server = await start();
    await changeSettings(server, { signUp: 'waitlist' });
    const known = await makeUser(server);
    const answers = [];
    for (const email of ['ada@example.com', known.email, 'ada@example.com']) {
      const browser = server.browser();
      await browser.open(server.authorizeUrl());
      assert.match(browser.text, /Join the waitlist/);
      await browser.open(server.authorizeUrl({ screen_hint: 'sign-up' }));
      assert.equal((await browser.submit({ email: 'nonsense' }, '/waitlist')).status, 422);
      const { status, text } = await browser.submit({ email }, '/waitlist');
      answers.push([status, text.replaceAll(email, 'EMAIL').replace(/attempt_\w+|nonce="[^"]*"|value="[^"]*"/g, '')]);
    }
    assert.equal(answers[0]?.[0], 200);
    assert.deepEqual(new Set(answers.map((each) => JSON.stringify(each))).size, 1);
    const entries = (await server.api('GET', '/user_management/waitlists/default/entries')).json.data;
    assert.deepEqual(
      entries.map(({ email }: { email: string }) => email),
      ['ada@example.com'],
    );
    assert.match((await server.mails(known.email))[0]?.subject ?? '', /already have an account/);
    await server.api('POST', `/user_management/waitlist_entries/${entries[0].id}/approve`);
    const [mail] = await server.mails('ada@example.com');
    const link = /https?:\/\/\S+\/invite\?\S+/.exec(mail?.text ?? '')?.[0] ?? '';
    const browser = server.browser();
    await browser.open(link);
    await browser.submit({});
    await browser.open(server.authorizeUrl());
    await browser.submit({ email: 'ada@example.com', password: goodPassword }, '/sign-up');
    const done = await browser.submit({ code: await server.codeFor('ada@example.com') });
    assert.equal((await server.token(byCode(codeOf(done)))).status, 200);
  });
});

onEachEngine('joining by a proved domain at the pages', (start) => {
  it('makes whoever signs up a member, once they have shown that the address is theirs', async () => {
    await using server = await start();
    const acme = await makeOrganization(server, 'Acme', { domain_data: [{ domain: 'acme.com', state: 'verified' }] });
    const { user } = await server.signedUp('grace@acme.com');
    const [membership] = await membershipsOf(server, `organization_id=${acme.id}`);
    assert.deepEqual([membership.user_id, membership.status], [user.id, 'active']);
  });

  /** Somebody who was signed in before their organization proved the domain of their address. */
  async function signedInBefore(server: TestServer) {
    const grace = await makeUser(server, { email: 'grace@acme.com' });
    const { browser } = await signIn(server, grace.email);
    const acme = await makeOrganization(server, 'Acme', { domain_data: [{ domain: 'acme.com', state: 'verified' }] });
    const statuses = async () =>
      (await membershipsOf(server, `user_id=${grace.id}`)).map(({ status }: { status: string }) => status);
    return { grace, browser, acme, statuses, url: server.authorizeUrl({ organization_id: acme.id }) };
  }

  it('makes nobody a member who is led there: who is signed in already is asked', async () => {
    await using server = await start();
    const { browser, acme, statuses, url } = await signedInBefore(server);
    const before = await waysIn(server);
    // A page of somebody else opens the address: at the top of a tab, in a frame, unasked.
    for (const dest of ['document', 'iframe', 'image']) {
      const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': dest };
      await browser.clone().open(url, headers);
      assert.deepEqual(await statuses(), [], dest);
    }
    const silent = await browser.open(server.authorizeUrl({ organization_id: acme.id, prompt: 'none' }));
    assert.equal(silent.location?.searchParams.get('error'), 'interaction_required');
    await browser.open(url);
    assert.match(browser.path, /^\/invitation\?/);
    assert.match(browser.text, /Join Acme/);
    assert.match(browser.text, /acme\.com/);
    const { action, hidden } = browser.form('/invitation');
    const attempt = action.slice(action.indexOf('?'));
    for (const page of ['/sign-in', '/sign-in/confirm', '/organization', '/sign-in/method', '/mfa', '/passkey'])
      await browser.clone().open(`${page}${attempt}`);
    await browser.clone().post(action, { ...hidden, csrf: 'x' });
    await browser.clone().post(action, hidden, { origin: 'https://evil.example' });
    await browser.clone().post(action, hidden, { 'sec-fetch-site': 'cross-site' });
    await server.browser().post(action, hidden);
    assert.deepEqual([await statuses(), await waysIn(server)], [[], before]);
    const done = await browser.submit({}, '/invitation');
    assert.equal(await organizationOf(server, codeOf(done)), acme.id);
    assert.deepEqual(await statuses(), ['active']);
    // Once is enough: the next time there is nothing to ask.
    assert.equal(await organizationOf(server, codeOf(await browser.open(url))), acme.id);
  });

  it('leaves out whoever does not want to join, and asks nobody whom their address lets join nothing', async () => {
    await using server = await start();
    const { browser, statuses, url } = await signedInBefore(server);
    await browser.open(url);
    await press(browser, 'choice', 'without');
    assert.match(browser.text, /You are not a member of Acme/);
    assert.deepEqual(await statuses(), []);
    const { id } = await makeOrganization(server, 'Globex', {
      domain_data: [{ domain: 'globex.com', state: 'verified' }],
    });
    await browser.open(server.authorizeUrl({ organization_id: id }));
    assert.match(browser.text, /You are not a member of Globex/);
    assert.deepEqual(await statuses(), []);
  });

  it('joins with the sign-in itself, which is an act of the person', async () => {
    await using server = await start();
    const { grace, acme, statuses, url } = await signedInBefore(server);
    const browser = server.browser();
    await browser.open(url);
    await browser.submit({ email: grace.email }, '/sign-in?');
    const done = await browser.submit({ password: goodPassword }, '/sign-in/password');
    assert.equal(await organizationOf(server, codeOf(done)), acme.id);
    assert.deepEqual(await statuses(), ['active']);
  });
});
