/**
 * The platform's HTTP API with types. Every path, parameter and answer is read from `schema.ts`, which `npm run gen`
 * derives from `contract/openapi.json`; this file adds only how an answer is unwrapped and how a refusal reads.
 */
import createClient, { type Client, type ClientOptions } from 'openapi-fetch';
import type { paths } from './schema.ts';

export type { paths } from './schema.ts';
export type AuthkitClient = Client<paths>;

/** The JSON body of a successful answer, as in `Answer<'/user_management/users/{id}', 'get'>`. */
export type Answer<Path extends keyof paths, Method extends keyof paths[Path]> = paths[Path][Method] extends {
  responses: infer Responses;
}
  ? Json<Responses[keyof Responses & (200 | 201)]>
  : never;

/** The JSON body a request takes, as in `Body<'/user_management/users', 'post'>`. */
export type Body<Path extends keyof paths, Method extends keyof paths[Path]> = paths[Path][Method] extends {
  requestBody?: infer Request;
}
  ? Json<NonNullable<Request>>
  : never;

type Json<Message> = Message extends { content: { 'application/json': infer Content } } ? Content : never;

/** What is wrong with one field of a request. `field` is absent when the whole request is meant. */
export interface FieldProblem {
  readonly code: string;
  readonly message: string;
  readonly field?: string;
}

/** A refused or failed call. `status` is 0 when no answer came at all. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: readonly FieldProblem[];

  constructor(status: number, code: string, message: string, fields: readonly FieldProblem[] = []) {
    super(message);
    this.name = 'ApiProblem';
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

export function createAuthkitClient(options: ClientOptions): AuthkitClient {
  return createClient<paths>(options);
}

interface Outcome<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/**
 * The body of a successful call.
 *
 * @throws {ApiProblem} when the server refused, failed or could not be reached. An aborted call keeps its own error,
 *   so that a caller who changed their mind is not shown a failure
 */
export async function unwrap<Data>(call: Promise<Outcome<Data>>): Promise<Data> {
  const { data, error, response } = await call.catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiProblem(0, 'unreachable', 'The server could not be reached. Check that it runs, then try again.');
  });
  if (!response.ok) throw asProblem(response.status, error);
  return data as Data;
}

function asProblem(status: number, body: unknown): ApiProblem {
  const { code, message, errors } = isRecord(body) ? body : {};
  return new ApiProblem(
    status,
    typeof code === 'string' ? code : `http_${status}`,
    typeof message === 'string' ? message : `The server answered ${status} without saying why.`,
    Array.isArray(errors) ? errors.filter(isFieldProblem) : [],
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isFieldProblem(value: unknown): value is FieldProblem {
  return isRecord(value) && typeof value.code === 'string' && typeof value.message === 'string';
}
