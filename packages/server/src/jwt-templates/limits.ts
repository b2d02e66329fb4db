/** Apps seal the token into a cookie of 4 KB (RFC 6265 section 6.1), together with much else. */
export const maxClaimsBytes = 3072;
/** In characters. */
export const maxContentLength = 8192;
/** How deep lists and objects may be nested. */
export const maxDepth = 16;

/** How long the claims are in the token's JSON. */
export const bytesOf = (claims: object): number => Buffer.byteLength(JSON.stringify(claims));
