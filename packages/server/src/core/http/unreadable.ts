import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type ApiError, HeadersTooLarge, MalformedRequest, RequestTimeout } from '../errors.ts';
import { newId } from '../ids.ts';
import type { Services } from '../services.ts';
import { maxHeaderBytes, requestTimeoutMs } from './bounds.ts';

/** What never became a request: no route, no hook and no error handler sees it, so the bytes are written here. */
export function refuseUnreadable(services: Services, error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const refusal = unreadable(error.code);
  const id = newId('request', services.now());
  const body = JSON.stringify(refusal.toBody());
  services.log.debug({ err: error, request: id, status: refusal.status }, 'A request could not be read');
  const head = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${id}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function unreadable(code: string | undefined): ApiError {
  if (code === 'HPE_HEADER_OVERFLOW')
    return new HeadersTooLarge(`Address, cookies and other headers are larger than ${maxHeaderBytes / 1024} KiB.`);
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new RequestTimeout(`The request did not arrive within ${requestTimeoutMs / 1000} seconds.`);
  return new MalformedRequest('This is not an HTTP request we can read.');
}
