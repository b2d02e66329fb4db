import type { Address } from './platform.ts';

/** What calls a platform. Every method of the package goes through it, so that all fail with the same sentence. */
export interface Api {
  /** Calls the API with the environment's key. A body is sent as JSON. The answer may be a refusal. */
  fetch(method: string, path: string, body?: object): Promise<Response>;
  /** The same, for an answer that must be a success. @returns its parsed body; undefined when it has none @throws {Refused} */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects and fails where it is not there
  call(method: string, path: string, body?: object): Promise<any>;
}

/** The platform said no to what a test wanted. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  /** As it was answered: parsed JSON, or text. */
  readonly body: unknown;

  constructor(request: string, status: number, body: unknown) {
    super(`${request} answered ${status}: ${typeof body === 'string' ? body : JSON.stringify(body)}`);
    this.status = status;
    this.body = body;
  }
}

export function apiOf({ url, apiKey }: Address): Api {
  const api: Api = {
    fetch: (method, path, body) =>
      fetch(url + path, {
        method,
        headers: { authorization: `Bearer ${apiKey}`, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
      }),
    async call(method, path, body) {
      const response = await api.fetch(method, path, body);
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
      const answer = isJson && text !== '' ? JSON.parse(text) : text;
      if (!response.ok) throw new Refused(`${method} ${path}`, response.status, answer);
      return text === '' ? undefined : answer;
    },
  };
  return api;
}
