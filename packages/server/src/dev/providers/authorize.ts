import { InvalidRequestParameters, type Reply, type RequestInfo, reply } from '../../core/index.ts';
import { formPostPage, personaPage } from '../pages/index.ts';
import type { Simulated } from './endpoints.ts';
import type { Grants } from './grants.ts';

type Sent = Readonly<Record<string, unknown>>;

/** An authorization request that may be answered (RFC 6749 section 4.1.1). */
interface Wanted {
  readonly redirectUri: string;
  readonly state: string | null;
  readonly nonce: string | null;
  readonly codeChallenge: string | null;
  readonly scopes: readonly string[];
  readonly isFormPost: boolean;
  readonly hint: string | null;
}

/**
 * Browsers hold `form-action` against every hop after a form, and the last one is the app. A provider knows nothing of
 * that app, so its page allows them all.
 */
const formTargets = ['http:', 'https:'];

/** The page where a tester says who comes back. */
export function showPersonas(at: Simulated, query: Sent, request: RequestInfo): Reply {
  const wanted = read(at, query);
  if ('error' in wanted) return refused(at, wanted);
  return page(at, wanted, request, wanted.hint ?? at.cast.usualEmail);
}

/** What the tester chose, as the provider would answer it. */
export function choosePersona(
  at: Simulated,
  grants: Grants,
  query: Sent,
  { persona, email }: { readonly persona: unknown; readonly email: unknown },
  request: RequestInfo,
): Reply {
  const wanted = read(at, query);
  if ('error' in wanted) return refused(at, wanted);
  const { first, others, accountOf } = at.cast;
  const choice = [first, ...others].find((one) => one.choice === persona)?.choice;
  const typed = typeof email === 'string' ? email : '';
  if (!choice) return page(at, wanted, request, typed, 'Choose who comes back.');
  if (choice === 'refuse')
    return answer(at, wanted, { error: 'access_denied', error_description: 'The person refused.' });
  if (choice === 'error') return answer(at, wanted, { error: 'server_error', error_description: 'Out of order.' });
  const account = accountOf(choice, typed);
  if (!account) return page(at, wanted, request, typed, 'This is not an e-mail address.');
  const { redirectUri, scopes, nonce, codeChallenge } = wanted;
  const code = grants.issueCode({ key: at.key, account, redirectUri, scopes, nonce, codeChallenge });
  const user = JSON.stringify({
    name: { firstName: account.firstName, lastName: account.lastName },
    email: account.email,
  });
  return answer(at, wanted, { code, ...(at.description.namesBesideCode ? { user } : {}) });
}

const page = (at: Simulated, wanted: Wanted, request: RequestInfo, email: string, problem?: string): Reply =>
  reply.page(
    (nonce) =>
      personaPage({
        nonce,
        label: at.description.label,
        action: request.url,
        scopes: wanted.scopes,
        email,
        problem,
        ...at.cast,
      }),
    { status: problem === undefined ? 200 : 422, formTargets },
  );

interface Refusal {
  readonly error: string;
  readonly description: string;
  /** Null: the address cannot be trusted, so nobody is sent there. */
  readonly wanted: Wanted | null;
}

function refused(at: Simulated, { error, description, wanted }: Refusal): Reply {
  if (wanted) return answer(at, wanted, { error, error_description: description });
  throw new InvalidRequestParameters([{ code: error, message: description }]);
}

function read({ credentials, redirectUri, description }: Simulated, query: Sent): Wanted | Refusal {
  const text = (name: string): string | null => {
    const value = query[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  if (text('client_id') !== credentials.clientId)
    return { error: 'invalid_client', description: 'This client_id is not known here.', wanted: null };
  if (text('redirect_uri') !== redirectUri)
    return { error: 'invalid_request', description: `The redirect_uri is not '${redirectUri}'.`, wanted: null };
  const wanted: Wanted = {
    redirectUri,
    state: text('state'),
    nonce: text('nonce'),
    codeChallenge: text('code_challenge'),
    scopes: (text('scope') ?? '').split(' ').filter((scope) => scope !== ''),
    isFormPost: text('response_mode') === 'form_post',
    hint: text('login_hint') ?? text('login'),
  };
  const invalid = (problem: string): Refusal => ({ error: 'invalid_request', description: problem, wanted });
  if (text('response_type') !== 'code')
    return { error: 'unsupported_response_type', description: 'Only response_type=code is known.', wanted };
  if (wanted.codeChallenge !== null && text('code_challenge_method') !== 'S256')
    return invalid('Send S256 challenges.');
  if (wanted.codeChallenge !== null && !description.usesPkce) return invalid('PKCE is not known here.');
  if (description.parameters?.response_mode === 'form_post' && !wanted.isFormPost)
    return invalid('Name and e-mail come by response_mode=form_post only.');
  if (text('prompt') === 'none') return { error: 'login_required', description: 'Nobody is signed in.', wanted };
  return wanted;
}

/** Back to the app that asked (RFC 6749 section 4.1.2), with who answers (RFC 9207) where the provider says it. */
function answer(
  { contract }: Simulated,
  { redirectUri, state, isFormPost }: Wanted,
  values: Readonly<Record<string, string>>,
): Reply {
  const all = {
    ...values,
    ...(state === null ? {} : { state }),
    ...(contract.issuer === undefined ? {} : { iss: contract.issuer }),
  };
  if (isFormPost)
    return reply.page((nonce) => formPostPage({ nonce, action: redirectUri, values: all }), { formTargets });
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(all)) url.searchParams.append(name, value);
  return reply.redirect(url.href, { status: 303 });
}
