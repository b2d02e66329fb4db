/** Requests to our server under any name, as a proxy hands them on: what a browser believes it asked stands in `Host`. */
import { request } from 'node:http';

type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** Like `fetch`, but whatever the address says the connection goes to `port` of this machine. */
export const fetchFrom =
  (port: number): Fetch =>
  (url, { method = 'GET', headers = {}, body } = {}) =>
    new Promise((resolve, reject) => {
      const { host, pathname, search } = new URL(url);
      const sent = body instanceof URLSearchParams ? body.toString() : ((body as string | undefined) ?? '');
      const type = body instanceof URLSearchParams ? { 'content-type': 'application/x-www-form-urlencoded' } : {};
      const asked = request(
        {
          host: '127.0.0.1',
          port,
          method,
          path: pathname + search,
          headers: { host, ...type, ...(headers as Record<string, string>), 'content-length': Buffer.byteLength(sent) },
        },
        async (answer) => {
          const chunks: Buffer[] = [];
          for await (const chunk of answer) chunks.push(chunk as Buffer);
          const { statusCode = 0, rawHeaders } = answer;
          const pairs = rawHeaders.flatMap((name, index) =>
            index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as [string, string]] : [],
          );
          const hasBody = ![204, 304].includes(statusCode);
          const response = new Response(hasBody ? Buffer.concat(chunks) : null, { status: statusCode, headers: pairs });
          resolve(Object.defineProperty(response, 'url', { value: url }));
        },
      );
      asked.on('error', reject);
      asked.end(sent);
    });
