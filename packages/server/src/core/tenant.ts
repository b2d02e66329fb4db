declare const tenantBrand: unique symbol;

/** Who is asking: shown in events and in the trail of changes. */
interface Actor {
  readonly type: 'api_key' | 'operator' | 'user' | 'system';
  readonly id: string;
  readonly name: string | null;
}

/**
 * The environment a request may touch, and what it may do there. It comes only from authentication, and every store
 * function takes it: forgetting to filter by environment is then a type error.
 */
export interface Tenant {
  readonly [tenantBrand]: true;
  readonly environmentId: string;
  readonly actor: Actor;
}

/**
 * Makes a tenant. Only code that has just authenticated somebody may call it: an API key, an operator's cookie, a
 * client id whose grant is about to be checked, a job that carries its environment.
 */
export function authenticatedTenant(environmentId: string, actor: Actor): Tenant {
  return { environmentId, actor } as Tenant;
}

/** The platform itself, acting inside one environment: clean-up, delivery, set-up. */
export function systemTenant(environmentId: string): Tenant {
  return authenticatedTenant(environmentId, { type: 'system', id: 'system', name: null });
}
