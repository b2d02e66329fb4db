import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { answerUrl } from '../core/index.ts';
import { rawState, readAuthorizeRequest, type WantedSignIn } from './request.ts';

/** What may stand in a query as it is (RFC 3986 section 3.4), percent-encoding included, without the `&` that ends it. */
const letters = [..."aZ09-._~!$'()*+,;=:@/?", '%2B', '%20', '%C3%BC'];
const queryText = fc.array(fc.constantFrom(...letters), { maxLength: 200 }).map((parts) => parts.join(''));

describe('the state of an authorization request', () => {
  it('is what stands in the address, letter for letter', () => {
    fc.assert(
      fc.property(queryText, queryText, (state, before) => {
        const url = `/user_management/authorize?redirect_uri=${before}&state=${state}&prompt=login`;
        assert.equal(rawState(url), state);
      }),
    );
  });

  it('is null when none was sent, and empty when it was sent empty', () => {
    assert.equal(rawState('/authorize?client_id=a&xstate=b&state_=c'), null);
    assert.equal(rawState('/authorize'), null);
    assert.equal(rawState('/authorize?state='), '');
    assert.equal(rawState('/authorize?state'), '');
  });

  it('goes back behind what the redirect URI carries already', () => {
    assert.equal(answerUrl('https://a.example/cb', { code: 'x' }, null), 'https://a.example/cb?code=x');
    assert.equal(
      answerUrl('https://a.example/cb?t=1', { code: 'x' }, 'a+b'),
      'https://a.example/cb?t=1&code=x&state=a+b',
    );
    assert.equal(
      answerUrl('myapp://cb', { error: 'e', error_description: 'a b' }, ''),
      'myapp://cb?error=e&error_description=a%20b&state=',
    );
  });
});

describe('reading an authorization request', () => {
  const least = { response_type: 'code', provider: 'authkit' };
  const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
  const read = (more: Record<string, unknown>) => readAuthorizeRequest({ ...least, ...more });

  it('takes parameters without a value as not sent (RFC 6749 section 3.1)', () => {
    const empty = {
      organization_id: '',
      connection_id: '',
      login_hint: '',
      max_age: '',
      prompt: '',
      code_challenge: '',
    };
    assert.deepEqual(read({ ...empty, code_challenge_method: '', screen_hint: '' }), read({}));
  });

  it('reads prompt as a list, in which none stands alone', () => {
    assert.deepEqual((read({ prompt: 'login consent' }) as WantedSignIn).prompts, ['login', 'consent']);
    assert.equal((read({ prompt: 'none login' }) as { error: string }).error, 'invalid_request');
  });

  const refused: readonly (readonly [Record<string, unknown>, string])[] = [
    [{ response_type: undefined }, 'invalid_request'],
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ response_type: 'code id_token' }, 'unsupported_response_type'],
    [{ provider: undefined }, 'invalid_connection_selector'],
    [{ provider: 'SomethingElse' }, 'invalid_connection_selector'],
    [{ provider: 'GoogleOAuth', organization_id: 'org_1' }, 'ambiguous_connection_selector'],
    [{ connection_id: 'conn_1' }, 'ambiguous_connection_selector'],
    [{ provider: undefined, connection_id: 'conn_1', organization_id: 'org_1' }, 'ambiguous_connection_selector'],
    [{ code_challenge: challenge }, 'invalid_request'],
    [{ code_challenge_method: 'S256' }, 'invalid_request'],
    [{ code_challenge: challenge, code_challenge_method: 'plain' }, 'invalid_request'],
    [{ code_challenge: challenge.slice(1), code_challenge_method: 'S256' }, 'invalid_request'],
    [{ code_challenge: `${challenge}=`, code_challenge_method: 'S256' }, 'invalid_request'],
    [{ max_age: '-1' }, 'invalid_request'],
    [{ max_age: '1.5' }, 'invalid_request'],
    [{ max_age: '1e3' }, 'invalid_request'],
    [{ max_age: '0x10' }, 'invalid_request'],
    [{ state: ['a', 'b'] }, 'invalid_request'],
    [{ login_hint: ['a', 'b'] }, 'invalid_request'],
  ];
  for (const [more, error] of refused) {
    it(`answers ${error} to ${JSON.stringify(more)}`, () => {
      assert.equal((read(more) as { error?: string }).error, error);
    });
  }

  it('reads a connection, or an organization alone, as where to sign in', () => {
    const selectorOf = (more: Record<string, unknown>) =>
      (read({ provider: undefined, ...more }) as WantedSignIn).selector;
    assert.deepEqual(selectorOf({ connection_id: 'conn_1' }), { by: 'connection', id: 'conn_1' });
    assert.deepEqual(selectorOf({ organization_id: 'org_1' }), { by: 'organization', id: 'org_1' });
    assert.equal((read({ organization_id: 'org_1' }) as WantedSignIn).selector, null);
  });

  it('takes provider_scopes however often it comes', () => {
    for (const sent of [
      { provider_scopes: ['a', 'b'] },
      { 'provider_scopes[]': ['a', 'b'] },
      { provider_scopes: 'a,b' },
      { provider_scopes: 'a b' },
    ]) {
      const wanted = read({ provider: 'GoogleOAuth', ...sent });
      assert.deepEqual('error' in wanted ? wanted : wanted.providerWishes.scopes, ['a', 'b'], JSON.stringify(sent));
    }
  });

  it('takes provider_query_params by name', () => {
    const wanted = read({
      provider: 'GoogleOAuth',
      'provider_query_params[hd]': 'x.example',
      provider_query_params: 'y',
    });
    assert.deepEqual('error' in wanted ? wanted : wanted.providerWishes.parameters, { hd: 'x.example' });
  });
});
