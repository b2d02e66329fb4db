import { LRUCache } from 'lru-cache';
import { minutes, newSecret } from '../../core/index.ts';
import type { Account } from './persona.ts';

/** What somebody agreed to at a simulated provider. */
export interface Grant {
  /** Whose it is: `Simulated.key`. */
  readonly key: string;
  readonly account: Account;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly nonce: string | null;
  readonly codeChallenge: string | null;
}

/**
 * The memory of the simulated providers: codes that work once, tokens, each known to its own provider only. It lives and
 * dies with the process, like the servers it stands for.
 */
export interface Grants {
  issueCode(grant: Grant): string;
  redeemCode(key: string, code: string): Grant | null;
  issueToken(grant: Grant): string;
  findByToken(key: string, token: string): Grant | null;
}

export function createGrants(): Grants {
  const codes = new LRUCache<string, Grant>({ max: 10_000, ttl: minutes(5) });
  const tokens = new LRUCache<string, Grant>({ max: 10_000, ttl: minutes(60) });
  return {
    issueCode(grant) {
      const code = newSecret().reveal();
      codes.set(code, grant);
      return code;
    },
    redeemCode(key, code) {
      const grant = codes.get(code);
      if (grant?.key !== key) return null;
      codes.delete(code);
      return grant;
    },
    issueToken(grant) {
      const token = newSecret().reveal();
      tokens.set(token, grant);
      return token;
    },
    findByToken(key, token) {
      const grant = tokens.get(token);
      return grant?.key === key ? grant : null;
    },
  };
}
