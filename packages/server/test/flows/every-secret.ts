/**
 * A walk through everything that hands out a secret. Run as a program it starts a server with a talkative log, takes the
 * walk and prints the secrets: the log goes to stderr, where only a parent can read it.
 */
import { systemTenant } from '../../src/core/index.ts';
import { issueRecoveryCodes } from '../../src/mfa/index.ts';
import { authenticator } from '../authenticator-app.ts';
import { goodPassword, startServer, type TestServer } from '../harness.ts';
import { afterPassword, appOnPage, recoveryCodesOn } from './mfa-steps.ts';
import { asOperator, becomeOwner, byCode, byRefresh, changeSettings, codeOf, makeUser, pkce, signIn } from './steps.ts';

/** Everything a journey hands out that opens something, by name. */
export async function handOutSecrets(server: TestServer): Promise<Record<string, string>> {
  const email = 'grace@example.com';
  const password = 'correct horse battery staple 42';
  const { verifier, asked } = pkce();
  const browser = server.browser();
  await browser.open(server.authorizeUrl({ screen_hint: 'sign-up', state: 'state-of-the-app', ...asked }));
  await browser.submit({ email, password: 'wrong' });
  await browser.submit({ email, password });
  const attemptSecret = [...browser.cookies].find(([name]) => name.startsWith('authkit-attempt-'))?.[1] ?? '';
  const { csrf = '' } = browser.form('/verify-email?').hidden;
  const mailedCode = await server.codeFor(email);
  await browser.submit({ code: '000000' });
  const code = codeOf(await browser.submit({ code: mailedCode }));
  const browserSecret = [...browser.cookies].find(([name]) => name.startsWith('authkit-session-'))?.[1] ?? '';
  const exchange = byCode(code, { code_verifier: verifier });
  const first = (await server.token(exchange, { 'idempotency-key': 'kept' })).json;
  const second = (await server.token(byRefresh(first.refresh_token), { 'idempotency-key': 'kept-too' })).json;
  await server.token(exchange);
  await server.token(byRefresh(`${first.refresh_token}x`));
  await server.token(byCode('not-a-code', { client_secret: 'sk_test_not_a_key_of_anybody' }));
  await server.api('GET', '/user_management/users', undefined, { authorization: 'Bearer sk_test_not_a_key_either' });

  const user = await server.create.user({ email: 'ada@example.com', password });
  await server.api('POST', `/user_management/users/${user.id}/email_verification/send`);
  const secondCode = await server.codeFor('ada@example.com');
  await server.api('POST', `/user_management/users/${user.id}/email_verification/confirm`, { code: '000000' });

  const enrolled = (await server.api('POST', `/user_management/users/${user.id}/auth_factors`, { type: 'totp' })).json;
  const { totp } = enrolled.authentication_factor;
  const totpCode = authenticator(totp.secret, () => server.clock.now()).code();
  await server.api('POST', `/auth/challenges/${enrolled.authentication_challenge.id}/verify`, { code: totpCode });
  const otp = (await server.api('POST', '/auth/factors/enroll', { type: 'generic_otp' })).json;
  const carried = (await server.api('POST', `/auth/factors/${otp.id}/challenge`, {})).json;
  const { services, environmentId } = server.running;
  const [recoveryCode] = await services.db.transaction((tx) =>
    issueRecoveryCodes(services, systemTenant(environmentId), tx, user.id, 'occasion'),
  );
  const invited = await server.api('POST', '/user_management/invitations', { email: 'alan@example.com' });
  await server.api('POST', `/user_management/invitations/${invited.json.id}/resend`, {});
  await server.api('GET', `/user_management/invitations/by_token/${invited.json.token}x`);
  const { json: magicAuth } = await server.api('POST', '/user_management/magic_auth', { email: 'ada@example.com' });
  const { json: reset } = await server.api('POST', '/user_management/password_reset', { email: 'ada@example.com' });
  for (const token of [`${reset.password_reset_token}x`, reset.password_reset_token])
    await server.api('POST', '/user_management/password_reset/confirm', { token, new_password: 'password' });
  const change = `/user_management/users/${user.id}/email_change`;
  await server.api('POST', `${change}/send`, { new_email: 'lovelace@example.com' });
  const changeCode = await server.codeFor('lovelace@example.com');
  await server.api('POST', `${change}/confirm`, { code: '000000' });

  await changeSettings(server, { mfa: 'required' });
  const enrolling = await afterPassword(server, (await makeUser(server)).email);
  const [, shownSeed = ''] = /data-copy="([A-Z2-7]{32})"/.exec(enrolling.text) ?? [];
  await enrolling.submit({ code: appOnPage(server, enrolling).code() });
  const [shownCode = ''] = recoveryCodesOn(enrolling);
  await changeSettings(server, { mfa: 'optional' });

  const owner = await becomeOwner(server);
  const made = await asOperator(server, owner, 'POST', '/dashboard/api/api_keys', { body: { name: 'Second' } });
  const { id } = user;
  const call = (method: string, path: string, body: unknown) => asOperator(server, owner, method, path, { body });
  await call('PATCH', '/dashboard/api/settings', { impersonation: true });
  const impersonation = await call('POST', `/dashboard/api/users/${id}/impersonation`, { reason: 'Ticket 4711' });
  const device = (await server.api('POST', '/user_management/authorize/device', { client_id: server.clientId })).json;
  const kept = await server.token(byRefresh(second.refresh_token, { client_secret: null }), { origin: listedOrigin });
  const social = await useProvider(server, call);
  await signIn(server, 'nobody@example.com').catch(() => null);
  const pending = server.browser();
  await pending.open(server.authorizeUrl({ screen_hint: 'sign-up' }));
  await pending.submit({ email: 'pending@example.com', password });
  return {
    'the API key': server.apiKey,
    'a second API key': made.json.value,
    'the password': password,
    'the owner’s password': goodPassword,
    'the code in the mail': mailedCode,
    'another code in a mail': secondCode,
    'the seed of an authenticator app': totp.secret,
    'the address it scans': totp.uri,
    'a code of the app': totpCode,
    'the code of a challenge': carried.code,
    'the seed on the page': shownSeed,
    'a recovery code on the page': shownCode,
    'a recovery code': recoveryCode?.reveal() ?? '',
    'the token of an invitation': invited.json.token,
    'a code that signs in': magicAuth.code,
    'a code that changes the address': changeCode,
    'a link that resets a password': reset.password_reset_token,
    'the device code': device.device_code,
    'the code a person types for it': device.user_code,
    'an operator’s token to act as somebody': cookieIn(impersonation.headers, 'authkit-impersonation-'),
    'the refresh token kept in a browser': cookieIn(kept.headers, 'authkit-refresh-'),
    ...social,
    'the authorization code': code,
    'the code verifier': verifier,
    'the first refresh token': first.refresh_token,
    'the second refresh token': second.refresh_token,
    'an access token': first.access_token,
    'the secret of the attempt': attemptSecret,
    'the form’s token': csrf,
    'the browser’s sign-in': browserSecret,
    'the operator’s cookie': owner.cookies.get('authkit-operator') ?? '',
    'the set-up token': new URL(server.running.dashboardUrl).searchParams.get('token') ?? '',
  };
}

/** An account elsewhere: what ties the journey together, and what the provider hands out. */
async function useProvider(
  server: TestServer,
  call: (method: string, path: string, body: unknown) => Promise<unknown>,
): Promise<Record<string, string>> {
  const clientSecret = 'the-secret-that-a-provider-gave';
  const own = { client_id: 'ours', client_secret: clientSecret, enabled: false };
  await call('PATCH', '/dashboard/api/social_providers/SlackOAuth', own);
  await call('PATCH', '/dashboard/api/social_providers/GoogleOAuth', { return_tokens: true });
  const browser = server.browser();
  await browser.open(server.authorizeUrl({ provider: 'GoogleOAuth' }));
  const asked = new URL(browser.path, server.url).searchParams;
  const { action } = browser.form();
  const back = await fetch(new URL(action, server.url), {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: server.url },
    body: new URLSearchParams({ persona: 'verified', email: 'elsewhere@example.com' }),
  });
  const callback = back.headers.get('location') ?? '';
  const done = await browser.open(callback);
  const { json } = await server.token(byCode(codeOf(done)), { 'idempotency-key': 'kept-as-well' });
  const { searchParams } = new URL(callback);
  await browser.open(callback.replace('code=', 'code=not-'));
  return {
    'a client secret of a provider': clientSecret,
    'the state of a journey': asked.get('state') ?? '',
    'the nonce of a journey': asked.get('nonce') ?? '',
    'the provider’s code': searchParams.get('code') ?? '',
    'the provider’s access token': json.oauth_tokens.access_token,
    'the provider’s refresh token': json.oauth_tokens.refresh_token,
  };
}

/** One that every new environment of a development server lists. */
const listedOrigin = 'http://localhost:5173';

const cookieIn = (headers: Headers, prefix: string): string =>
  new RegExp(`^${prefix}[^=]*=([^;]+)`, 'm').exec(headers.getSetCookie().join('\n'))?.[1] ?? '';

if (import.meta.main) {
  const [, , engine] = process.argv;
  await using server = await startServer(engine === 'postgresql' ? 'postgresql' : 'sqlite', { logLevel: 'debug' });
  process.stdout.write(JSON.stringify(await handOutSecrets(server)));
}
