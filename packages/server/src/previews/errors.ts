import { PageError } from '../texts/index.ts';

/** The link to a look that nobody has published yet: not ours, or older than a day. */
export class PreviewOver extends PageError {
  static override readonly code = 'branding_preview_over';
  static override readonly status = 404;
}
