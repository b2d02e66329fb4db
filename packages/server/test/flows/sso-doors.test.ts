/** An organization that takes only its own sign-on, walked by every other door: none of them lets anybody in to it. */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { systemTenant } from '../../src/core/index.ts';
import { PolicyChange } from '../../src/organizations/policy.schema.ts';
import { updatePolicy } from '../../src/organizations/policy.ts';
import { grantTypes } from '../../src/protocol/index.ts';
import { SoftAuthenticator } from '../authenticator.ts';
import { type Answer, claimsOf, goodPassword, onEachEngine, type TestBrowser, type TestServer } from '../harness.ts';
import { type OidcProvider, startOidcProvider } from '../oidc-provider.ts';
import { challengeAtApi, makeProtected } from './mfa-steps.ts';
import { byPassword, makeInvitation, makeMember, makeOrganization } from './organization-steps.ts';
import { givePasskey } from './passkey-steps.ts';
import { type Connected, connect } from './sso-steps.ts';
import { asOperator, becomeOwner, byCode, changeSettings, codeOf, makeUser, waysIn } from './steps.ts';

onEachEngine('an organization that takes only its own sign-on', (start) => {
  let server: TestServer;
  let provider: OidcProvider;
  let acme: Connected;
  before(async () => {
    provider = await startOidcProvider();
    server = await start();
    acme = await connect(server, provider);
    const policy = PolicyChange.parse({ sign_in_methods: ['SSO'] });
    await updatePolicy(server.running.services, systemTenant(server.environmentId), acme.organization.id, policy);
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
    await provider[Symbol.asyncDispose]();
  });

  /** A member whose address leads to a password, because no organization has its domain. */
  const makeGuest = async (more: Record<string, unknown> = {}) => {
    const user = await makeUser(server, more);
    await makeMember(server, user.id, acme.organization.id);
    return user;
  };

  const assertRefused = ({ status, json, text }: Answer, email: string): void =>
    assert.deepEqual(
      [status, json.error, json.email, json.connection_ids, 'access_token' in json],
      [400, 'sso_required', email, [acme.connectionId], false],
      text,
    );

  /** At the page that leads to the provider, with nothing handed out on the way there. */
  const assertLedThere = async (browser: TestBrowser, answer: Answer, before: { sessions: number; codes: number }) => {
    assert.equal(answer.location, null, answer.text.slice(0, 300));
    assert.match(browser.path, /^\/sign-in\/method\?/);
    assert.match(browser.text, /Continue with Acme/);
    const { sessions, codes } = await waysIn(server);
    assert.deepEqual({ sessions, codes }, { sessions: before.sessions, codes: before.codes });
  };

  it('is not entered with a passkey, which is two factors of anywhere else', async () => {
    const { id } = await makeGuest();
    const authenticator = new SoftAuthenticator(server.url);
    await givePasskey(server, id, authenticator);
    const ways = await waysIn(server);
    const browser = server.browser();
    await browser.open(server.authorizeUrl());
    const { action, hidden } = browser.form('/sign-in/passkey?');
    const options = await browser.clone().post(action.replace('?', '/options?'), hidden);
    const answer = await browser.post(action, { ...hidden, credential: authenticator.get(options.json) });
    await assertLedThere(browser, answer, ways);
  });

  it('is not entered with an emailed code at our pages', async () => {
    const { email } = await makeGuest();
    const ways = await waysIn(server);
    const browser = server.browser();
    await browser.open(server.authorizeUrl());
    await browser.submit({ email }, '/sign-in?');
    await browser.submit({}, '/sign-in/code/send');
    const answer = await browser.submit({ code: await server.codeFor(email) }, '/sign-in/code?');
    await assertLedThere(browser, answer, ways);
  });

  it('is not entered by a new password, in the browser that asked for it', async () => {
    const { email } = await makeGuest();
    const ways = await waysIn(server);
    const browser = server.browser();
    await browser.open(server.authorizeUrl());
    await browser.submit({ email }, '/sign-in?');
    await browser.open(/href="(\/forgot-password[^"]*)"/.exec(browser.text)?.[1]?.replaceAll('&amp;', '&') ?? '');
    await browser.submit({ email }, '/forgot-password');
    const mail = (await server.mails(email))[0]?.text ?? '';
    await browser.open(/\/reset-password\?token=\w+/.exec(mail)?.[0] ?? assert.fail('no link'));
    const answer = await browser.submit({ password: 'another perfectly fine one' }, '/reset-password');
    await assertLedThere(browser, answer, ways);
  });

  it('is not entered by an authenticator app, at our pages or at the API', async () => {
    const { id, email, factorId, app } = await makeProtected(server);
    await makeMember(server, id, acme.organization.id);
    const ways = await waysIn(server);
    const { json } = await server.token(byPassword(email));
    assert.equal(json.code, 'mfa_challenge');
    const wanted = {
      grant_type: grantTypes.mfaTotp,
      pending_authentication_token: json.pending_authentication_token,
      authentication_challenge_id: await challengeAtApi(server, factorId),
      code: app.code(),
    };
    assertRefused(await server.token(wanted), email);
    server.clock.advance(60);
    const browser = server.browser();
    await browser.open(server.authorizeUrl());
    await browser.submit({ email }, '/sign-in?');
    await browser.submit({ password: goodPassword }, '/sign-in/password');
    await assertLedThere(browser, await browser.submit({ code: app.code() }, '/mfa?'), ways);
  });

  it('is not entered by proving an address, at our pages or at the API', async () => {
    const { email } = await makeGuest({ email_verified: false });
    const ways = await waysIn(server);
    const browser = server.browser();
    await browser.open(server.authorizeUrl());
    await browser.submit({ email }, '/sign-in?');
    await browser.submit({ password: goodPassword }, '/sign-in/password');
    await assertLedThere(browser, await browser.submit({ code: await server.codeFor(email) }, '/verify-email?'), ways);

    const other = await makeGuest({ email_verified: false });
    const { json } = await server.token(byPassword(other.email));
    assert.equal(json.code, 'email_verification_required');
    const { pending_authentication_token } = json;
    const code = await server.codeFor(other.email);
    const wanted = { grant_type: grantTypes.emailVerificationCode, pending_authentication_token, code };
    assertRefused(await server.token(wanted), other.email);
  });

  it('is not entered by an invitation to it, of somebody known or new, at our pages or at the API', async () => {
    const invite = async (email: string): Promise<string> =>
      (await makeInvitation(server, email, { organization_id: acme.organization.id })).token;
    const ways = await waysIn(server);
    const known = await makeUser(server);
    const browser = server.browser();
    await browser.open(server.authorizeUrl({ invitation_token: await invite(known.email) }));
    await browser.open(browser.path.replace('/sign-up', '/sign-in'));
    await browser.submit({ email: known.email }, '/sign-in?');
    await assertLedThere(browser, await browser.submit({ password: goodPassword }, '/sign-in/password'), ways);

    const stranger = 'invited@partner.example';
    const theirs = server.browser();
    await theirs.open(server.authorizeUrl({ invitation_token: await invite(stranger) }));
    await theirs.open(theirs.path.replace('/sign-up', '/sign-in'));
    await theirs.submit({ email: stranger }, '/sign-in?');
    await theirs.submit({}, '/sign-in/code/send');
    const code = await server.codeFor(stranger);
    await assertLedThere(theirs, await theirs.submit({ code }, '/sign-in/code?'), ways);

    const other = await makeUser(server);
    const invitation_token = await invite(other.email);
    assertRefused(await server.token(byPassword(other.email, { invitation_token })), other.email);
  });

  it('is not entered from a device, whether the browser signs in on the way or did so before', async () => {
    const { email } = await makeGuest();
    const begin = async () => {
      const asked = { client_id: server.clientId };
      return (await server.api('POST', '/user_management/authorize/device', asked, { authorization: '' })).json;
    };
    const poll = (device_code: string) =>
      server.token({ client_secret: null, grant_type: grantTypes.deviceCode, device_code });
    const first = await begin();
    const browser = server.browser();
    await browser.open('/device');
    await browser.submit({ user_code: first.user_code }, '/device');
    await browser.submit({ email }, '/sign-in?');
    await browser.submit({ password: goodPassword }, '/sign-in/password');
    assert.match(browser.path, /^\/sign-in\/method\?/);
    assert.equal((await poll(first.device_code)).json.error, 'authorization_pending');

    const second = await begin();
    const before = await signedInAtAccount(email);
    await before.open('/device');
    await before.submit({ user_code: second.user_code }, '/device');
    assert.match(before.path, /^\/sign-in\/method\?/);
    assert.equal((await poll(second.device_code)).json.error, 'authorization_pending');
  });

  const signedInAtAccount = async (email: string): Promise<TestBrowser> => {
    const browser = server.browser();
    await browser.open('/account');
    await browser.submit({ email }, '/sign-in?');
    await browser.submit({ password: goodPassword }, '/sign-in/password');
    assert.match(browser.path, /^\/account\?/);
    return browser;
  };

  it('is not entered by who is signed in at the account page, which is their own', async () => {
    const { email } = await makeGuest();
    const browser = await signedInAtAccount(email);
    const ways = await waysIn(server);
    await assertLedThere(browser, await browser.open(server.authorizeUrl()), ways);
    const wanted = server.authorizeUrl({ organization_id: acme.organization.id });
    await assertLedThere(browser, await browser.open(wanted), ways);
  });

  it('is not entered from the page that asks for the organization, which leads there and says why', async () => {
    const { id, email } = await makeGuest();
    await makeMember(server, id, (await makeOrganization(server, 'Open')).id);
    const browser = server.browser();
    await browser.open(server.authorizeUrl());
    await browser.submit({ email }, '/sign-in?');
    await browser.submit({ password: goodPassword }, '/sign-in/password');
    assert.match(browser.path, /^\/organization\?/);
    const ways = await waysIn(server);
    const answer = await browser.submit({ organization_id: acme.organization.id }, '/organization?');
    await assertLedThere(browser, answer, ways);
    assert.match(browser.text, /Acme asks for another way to sign in/);
    assert.match(browser.text, /To get into Acme, sign in with:/);
  });

  it('is not entered by a social provider, from our pages or straight from the app', async () => {
    const { email } = await makeGuest({ email: 'grace@partner.example' });
    const ways = await waysIn(server);
    const browser = server.browser();
    await browser.open(server.authorizeUrl());
    await browser.submit({ provider: 'GoogleOAuth' }, '/sign-in/social');
    await assertLedThere(browser, await browser.submit({ persona: 'verified', email }), ways);

    // An app with pages of its own is told at the exchange, and has the token to go on with.
    const own = server.browser();
    await own.open(server.authorizeUrl({ provider: 'GoogleOAuth' }));
    const answer = await own.submit({ persona: 'verified', email });
    assertRefused(await server.token(byCode(codeOf(answer))), email);
    assert.equal((await waysIn(server)).sessions, ways.sessions);
  });

  it('is entered by an operator who acts as a member, because support proves itself to us and not to the provider', async () => {
    await changeSettings(server, { impersonation: true });
    const owner = await becomeOwner(server);
    const user = await makeGuest();
    const path = `/dashboard/api/users/${user.id}/impersonation`;
    const asked = await asOperator(server, owner, 'POST', path, { body: { reason: 'Ticket 4711' } });
    for (const line of asked.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      owner.cookies.set(name, value);
    }
    await owner.open(server.authorizeUrl());
    const { json } = await server.token(byCode(codeOf(await owner.submit({}, '/impersonate'))));
    assert.deepEqual(
      [json.organization_id, json.authentication_method, claimsOf(json.access_token).act],
      [acme.organization.id, 'Impersonation', { sub: 'owner@example.com' }],
    );
    // The browser that did it is nobody to the organization.
    assert.match((await owner.open(server.authorizeUrl())).location?.href ?? owner.path, /^\/(sign-in|impersonate)/);
  });
});
