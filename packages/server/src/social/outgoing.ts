import { seconds } from '../core/index.ts';

/** As `globalThis.fetch`; tests give another. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const timeoutMs = seconds(10);
const maxBytes = 1024 * 1024;

/** A provider answered with more than anybody needs to say who somebody is. */
class AnswerTooLarge extends Error {
  constructor() {
    super(`The answer is larger than ${maxBytes} bytes.`);
  }
}

/**
 * A call to a provider, held to limits: ten seconds for everything, a megabyte, and no redirect, which could lead a
 * secret somewhere else.
 */
export function limited(fetch: Fetch): Fetch {
  return async (url, init) => {
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(init.signal ? [init.signal] : [])]);
    const response = await fetch(url, { ...init, redirect: 'manual', signal });
    const body = await readAtMost(response, maxBytes);
    // What was decoded on the way must not be announced as encoded again.
    const headers = new Headers(response.headers);
    for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) headers.delete(name);
    const isBodiless = [101, 204, 205, 304].includes(response.status);
    return new Response(isBodiless ? null : body, { status: response.status, headers });
  };
}

async function readAtMost({ body }: Response, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body ?? []) {
    length += part.length;
    // Leaving the loop cancels the stream, so the rest is never received.
    if (length > most) throw new AnswerTooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);
}
