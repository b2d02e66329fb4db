import { OAuthError } from '../core/index.ts';
import { maxClaimsBytes } from './limits.ts';

/** What the template makes of this person does not fit into a token. Nothing was spent: it works once it is shorter. */
export class TokenTooBig extends OAuthError {
  static override readonly code = 'token_too_big';

  constructor(bytes: number) {
    super(`The claims of the JWT template have ${bytes} bytes for this user; at most ${maxClaimsBytes} are allowed.`);
  }
}
