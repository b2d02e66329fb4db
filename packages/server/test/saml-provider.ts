/** What the simulated SAML provider makes its responses with, for tests that let it say something else. */
export * from '../src/dev/providers/idp/saml-encryption.ts';
export * from '../src/dev/providers/idp/saml-response.ts';
