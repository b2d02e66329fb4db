import { InvalidRequestParameters } from '../core/index.ts';

/** What a provider is set up with is incomplete or of the wrong form. */
export const refuse = (field: string, message: string): InvalidRequestParameters =>
  new InvalidRequestParameters([{ code: `${field}_invalid`, message, field }]);
