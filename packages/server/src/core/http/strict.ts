import { type ApiError, commonErrors } from '../errors.ts';
import type { Route } from '../route.ts';
import type { Services } from '../services.ts';

/** Refusals of the credential: they are the same for all routes, so no route lists them. */
export const refusedBefore = new WeakSet<ApiError>();

/** In tests a handler that answers outside its contract fails loudly instead of drifting. */
export function assertShape(route: Route, body: unknown): void {
  if (!route.returns.body) throw new Error(`${route.operationId} declares no body but answered one.`);
  const result = route.returns.body.safeParse(body);
  if (!result.success) throw new Error(`${route.operationId} answered outside its contract: ${result.error.message}`);
}

export function assertListed({ config }: Services, route: Route, error: ApiError): void {
  if (!config.strictAnswers || refusedBefore.has(error)) return;
  const listed = [...route.errors, ...commonErrors];
  if (listed.some((known) => error instanceof (known as unknown as typeof ApiError))) return;
  throw new Error(`${route.operationId} threw ${error.kind.name}, which its route does not list.`, { cause: error });
}
