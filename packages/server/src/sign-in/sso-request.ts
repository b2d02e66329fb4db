import type { Wishes } from '../sso/index.ts';
import {
  type AppError,
  maxHintLength,
  parametersOf,
  repeatedParameter,
  type Selector,
  type Sent,
  scopesOf,
} from './request.ts';

interface WantedSignOn {
  readonly selector: Selector;
  readonly wishes: Wishes;
}

/** What a client of `/sso/authorize` wants, or the error it is told. Called once the redirect URI is known to be its own. */
export function readSsoRequest(sent: Sent): WantedSignOn | AppError {
  const repeated = repeatedParameter(sent);
  if (repeated !== null) return invalid(`The parameter '${repeated}' was sent more than once.`);
  // A parameter without a value counts as not sent (RFC 6749 section 3.1).
  const query: Sent = Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== ''));
  if (query.response_type === undefined) return invalid("The parameter 'response_type' is missing; send 'code'.");
  if (query.response_type !== 'code')
    return { error: 'unsupported_response_type', description: "Only response_type 'code' is supported." };
  const selector = selectorOf(query);
  if ('error' in selector) return selector;
  const text = (name: string): string | null => {
    const value = query[name];
    return typeof value === 'string' ? value.slice(0, maxHintLength) : null;
  };
  const wishes: Wishes = {
    loginHint: text('login_hint'),
    domainHint: text('domain_hint'),
    asksAgain: query.prompt === 'login',
    scopes: scopesOf(query),
    parameters: parametersOf(query),
  };
  return { selector, wishes };
}

const invalid = (description: string): AppError => ({ error: 'invalid_request', description });

/** Exactly one of them says where the person signs in. */
function selectorOf({ connection, organization, domain, provider }: Sent): Selector | AppError {
  if (domain !== undefined && connection !== undefined) {
    const description = 'Send a connection or a domain, not both.';
    return { error: 'domain_connection_selector_not_allowed', description };
  }
  const sent = [connection, organization, domain, provider].filter((value) => value !== undefined);
  if (sent.length > 1)
    return { error: 'ambiguous_connection_selector', description: 'Send one of connection and organization.' };
  if (connection !== undefined) return { by: 'connection', id: String(connection) };
  if (organization !== undefined) return { by: 'organization', id: String(organization) };
  if (domain !== undefined) return { by: 'domain', domain: String(domain).toLowerCase() };
  if (provider !== undefined) {
    const description = `The provider '${String(provider)}' gives no profiles here; name it at /user_management/authorize.`;
    return { error: 'connection_strategy_invalid', description };
  }
  return {
    error: 'invalid_connection_selector',
    description: 'Say where to sign in: send a connection or an organization.',
  };
}
