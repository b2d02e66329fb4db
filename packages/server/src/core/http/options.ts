import type { ApiError } from '../errors.ts';
import type { Operator, RequestInfo, Route } from '../route.ts';
import type { Services } from '../services.ts';
import type { Tenant } from '../tenant.ts';

/** Answers that people see when a page's route fails. */
type RenderErrorPage = (
  services: Services,
  error: ApiError,
  request: RequestInfo,
) => Promise<(nonce: string) => string>;

/** How each kind of credential is checked. The rooms that know them are wired in by `app.ts`. */
export interface Authenticators {
  /** @throws {Unauthorized} */
  tenant(request: RequestInfo, route: Route): Promise<Tenant>;
  /** @throws {Unauthorized} */
  operator(request: RequestInfo): Promise<Operator>;
}

/** Which origins may read an answer; null: none. `clientId` is what the request's body or query names. */
export type AllowOrigin = (origin: string, clientId: string | null) => Promise<boolean>;

export interface MountOptions {
  readonly services: Services;
  /** The services as they are for a request with that `Host`: a domain of an environment's own is its public URL. */
  readonly servicesAt: (services: Services, host: string | undefined) => Services | Promise<Services>;
  readonly routes: readonly Route[];
  readonly authenticators: Authenticators;
  readonly renderErrorPage: RenderErrorPage;
  readonly allowOrigin: AllowOrigin;
}
