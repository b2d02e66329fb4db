export type Library = typeof import('@simplewebauthn/server');

/** Loaded with the first passkey: reading attestations of every maker is a good part of what a server would load. */
export const library = (): Promise<Library> => import('@simplewebauthn/server');

export const helpers = () => import('@simplewebauthn/server/helpers');
