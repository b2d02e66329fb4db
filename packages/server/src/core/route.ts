import type { z } from 'zod';
import type { ErrorClass } from './errors.ts';
import type { Reply } from './reply.ts';
import type { Services } from './services.ts';
import type { Tenant } from './tenant.ts';

/** An administrator of this installation, signed in to the dashboard. */
export interface Operator {
  readonly id: string;
  readonly email: string;
  readonly sessionId: string;
}

export type Auth =
  | { readonly kind: 'apiKey'; readonly permission: string }
  | { readonly kind: 'operator'; readonly permission: string }
  | { readonly kind: 'signedInOperator' }
  | { readonly kind: 'devKey' }
  | { readonly kind: 'anyone'; readonly why: string };

/** An environment's API key as Bearer, or an operator's cookie with `x-authkit-environment`. Permission: `users:read`. */
export const apiKey = (permission: string) => ({ kind: 'apiKey', permission }) as const;
/** Only the dashboard: an operator's cookie with `x-authkit-environment`. */
export const operator = (permission: string) => ({ kind: 'operator', permission }) as const;
/** Only the dashboard, for what belongs to no environment. */
export const signedInOperator = () => ({ kind: 'signedInOperator' }) as const;
/** The development server's own API key. Such routes do not exist in `serve`. */
export const devKey = () => ({ kind: 'devKey' }) as const;
/** No credential: say why that is safe. */
export const anyone = (why: string) => ({ kind: 'anyone', why }) as const;

/** What a handler may know of the request besides its parsed parts. */
export interface RequestInfo {
  readonly id: string;
  readonly method: string;
  /** Path with query, for redirects back to the same place. Never logged. */
  readonly url: string;
  /** The client's address, through the configured number of trusted proxies. */
  readonly ip: string;
  readonly userAgent: string | null;
  readonly origin: string | null;
  readonly authorization: string | null;
  readonly language: string | null;
  /** The cookie of that name, `__Host-` prefix taken care of; null when absent. */
  cookie(name: string): string | null;
  /** Names of the cookies that came, without `__Host-`. */
  cookieNames(): readonly string[];
  header(name: string): string | null;
}

/** A query as it came, by name. What came twice is a list. */
export type SentQuery = Readonly<Record<string, string | readonly string[] | undefined>>;

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

interface Who<A extends Auth> {
  readonly tenant: A extends { kind: 'apiKey' | 'operator' | 'devKey' } ? Tenant : null;
  readonly operator: A extends { kind: 'signedInOperator' } ? Operator : null;
}

interface RouteContext<A extends Auth, P, Q, B> extends Who<A> {
  readonly params: Parsed<P>;
  readonly query: Parsed<Q>;
  readonly body: Parsed<B>;
  readonly request: RequestInfo;
}

interface Returns {
  /** The status of success. */
  readonly status: number;
  /** What the body is; absent: there is none, or it is a page. */
  readonly body?: z.ZodType;
  readonly description?: string;
  /** Other successes, without a JSON body. */
  readonly also?: readonly { readonly status: number; readonly description: string }[];
}

/** A route's contract, permission and code in one value: the single source of truth for docs, client and mounting. */
export interface Route {
  readonly operationId: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/users/{id}`; a last segment `{name*}` takes slashes too. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly auth: Auth;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** What the contract says of the body, where the handler parses it itself to answer in its own shape. */
  readonly documentedBody?: z.ZodType;
  /** The same for the query. */
  readonly documentedQuery?: z.ZodType;
  readonly returns: Returns;
  readonly errors: readonly ErrorClass[];
  /** Not part of the published contract: only our dashboard uses it. */
  readonly internal?: boolean;
  /**
   * An operator must have proved who they are a short while ago: what this does cannot be taken back, or lets somebody
   * in. A function is given the body as it was sent, where it depends on that.
   */
  readonly needsFreshOperator?: boolean | ((body: unknown) => boolean);
  /** Answers people: errors are shown as a page, and it is left out of the contract unless `documented`. */
  readonly page?: boolean;
  readonly documented?: boolean;
  /** Also accepts `application/x-www-form-urlencoded`. */
  readonly form?: boolean;
  /**
   * Comes before anything of the body is looked at; what it throws is the answer. `query` is what the handler's own will be
   * read from, so that nobody shows one thing to the first and another to the second.
   */
  readonly first?: (request: RequestInfo, services: Services, query: SentQuery) => Promise<void>;
  /** Browsers of other origins may call it; see `cors.ts`. */
  readonly cors?: 'client' | 'anyone';
  readonly handle: (context: never, services: Services) => Promise<unknown>;
}

type Answer<R extends Returns> = R['body'] extends z.ZodType ? z.input<R['body']> | Reply : Reply;

interface Definition<A extends Auth, P, Q, B, R extends Returns>
  extends Omit<Route, 'handle' | 'auth' | 'params' | 'query' | 'body' | 'returns'> {
  readonly auth: A;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly returns: R;
}

export function route<
  A extends Auth,
  const R extends Returns,
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(
  definition: Definition<A, P, Q, B, R>,
  handle: (context: RouteContext<A, P, Q, B>, services: Services) => Promise<Answer<R>>,
): Route {
  return { ...definition, handle: handle as unknown as Route['handle'] } as unknown as Route;
}
