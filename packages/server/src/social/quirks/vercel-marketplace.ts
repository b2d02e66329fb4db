import type { Claims } from '../description.ts';

/** The marketplace answers `null` for what its ID token makes unnecessary; OAuth wants both (RFC 6749 section 5.1). */
export const completeMarketplaceAnswer = (answer: Claims): Claims => ({
  ...answer,
  access_token: answer.access_token ?? answer.id_token,
  token_type: answer.token_type ?? 'Bearer',
});
