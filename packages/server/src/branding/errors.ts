import { ApiError } from '../core/index.ts';

/** There is no draft to publish, or no publication to take back. */
export class NothingPublished extends ApiError {
  static override readonly code = 'branding_nothing_published';
  static override readonly status = 409;
}
