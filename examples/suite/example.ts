/** What the suite has to know about an example. */
import type { Sdk } from './install.ts';
import type { WalkId } from './walks/index.ts';

export interface Example {
  /** Of its folder below `examples/`. */
  readonly name: string;
  /** The official SDK it shows, and the last major (or minor of 0.x) before the one in its lockfile, for the grid. */
  readonly sdk: {
    readonly package: string;
    /** Exact, as the page says it; null when that line lacks what the example calls. */
    readonly previous: string | null;
    /** For the page: why there is no such line, or how the app differs beside it. */
    readonly previousSays?: string;
    /** Further walks that only that one cannot take. */
    readonly previousWithout?: Without;
    /** The name of its sealed session, where it has another. */
    readonly previousCookie?: string;
    /** What else is older beside that one, and how the app's files differ there. */
    readonly previousSetting?: Pick<Sdk, 'beside' | 'adapted'>;
  };
  /** What the app is given, made from what the contract names. Default: as it is. */
  readonly environment?: (values: Environment) => Readonly<Record<string, string>>;
  /** The variables whose values `npm run build` puts into its output. Default: none. */
  readonly builtIn?: readonly string[];
  /** The path of the redirect URI. Default `/callback`. */
  readonly callback?: string;
  /** The sealed session. Default `wos-session`; null when the app keeps no cookie of its own. */
  readonly sessionCookie?: string | null;
  /** The sealed session in the value of that cookie. Default: the whole value, percent-decoded. */
  readonly sealIn?: (cookieValue: string) => string;
  /** The token of state-changing forms: its field, and where a new one is given out. Absent: origins are compared. */
  readonly csrf?: { readonly field: string; readonly from?: string };
  /** People type into forms of the app, not of the platform. Default false. */
  readonly ownForms?: boolean;
  /** What else than 400 or 403 a forged request is answered. */
  readonly forgedAnswer?: number;
  /** What `GET /account` is answered while the platform is away and the access token has run out. Default 503. */
  readonly awayAnswer?: number;
  /** Runs on PostgreSQL where that is there. Default SQLite, which is there sooner. */
  readonly engine?: 'postgresql';
  /** Walks that prove the same of it by other steps. */
  readonly own?: Partial<Readonly<Record<WalkId, Walk['walk']>>>;
  /** Walks that it cannot take, each with the reason that the compatibility page prints. */
  readonly without?: Without;
  /**
   * Why `npm test` may take the walks of `SAMPLE` only: another example walks all of them on the same SDK and version.
   * `npm run examples` takes every walk.
   */
  readonly sampled?: string;
  /** Files that only the copy has which is walked through, by name: for what no reader should copy. */
  readonly added?: Readonly<Record<string, string>>;
}

/** Walks by id, each with the reason, or with what is so instead. */
export type Without = Partial<Readonly<Record<WalkId, string | Contrary>>>;

/** An SDK that does the contrary of what a walk says. The page says so, and a walk of its own notices when that ends. */
export interface Contrary {
  readonly reason: string;
  readonly instead: Walk['walk'];
}

/** Every variable of the contract. */
export interface Environment extends Readonly<Record<string, string>> {
  readonly PORT: string;
  readonly WORKOS_API_KEY: string;
  readonly WORKOS_CLIENT_ID: string;
  readonly WORKOS_COOKIE_PASSWORD: string;
  readonly WORKOS_REDIRECT_URI: string;
  readonly WORKOS_API_HOSTNAME: string;
  readonly WORKOS_API_PORT: string;
  readonly WORKOS_API_HTTPS: string;
}

export interface Walk {
  /** What is proved, as a sentence without its subject. */
  readonly says: string;
  readonly walk: (stage: import('./stage.ts').Stage) => Promise<void>;
}
