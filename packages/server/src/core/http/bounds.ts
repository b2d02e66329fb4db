/** Longest a request may take, headers and body included. */
export const requestTimeoutMs = 15_000;
/** How often connections are looked over for requests that take longer: Node's own 30 s would make 15 s up to 45. */
export const timeoutCheckMs = 2000;
/**
 * Bytes of a request's line and headers. Node's 16 KB are too few: `state` may have several KB and must come back whole,
 * and on `localhost` a browser sends us the session cookies of every app on this machine.
 */
export const maxHeaderBytes = 64 * 1024;
