import {
  cache,
  type Db,
  EntityNotFound,
  InvalidRequestParameters,
  type Services,
  systemTenant,
  type Tenant,
} from '../core/index.ts';
import { recordChange } from '../environments/index.ts';
import { findMembership, OrganizationMembershipNotFound } from '../organizations/index.ts';
import { findUser } from '../users/index.ts';
import { TokenTooBig } from './errors.ts';
import { bytesOf, maxClaimsBytes } from './limits.ts';
import { deleteJwtTemplate, findJwtTemplate, type JwtTemplateRow, writeJwtTemplate } from './store.ts';
import { type Claims, type Fault, parseTemplate, renderTemplate, type Template } from './template.ts';
import { type Holder, readValues } from './values.ts';

/** Parsed, by environment; most have none. */
const templates = cache<Template | null>({ max: 1000 });

/** The template that tokens are made with; null when there is none. */
export function currentTemplate({ db }: Pick<Services, 'db'>, environmentId: string): Promise<Template | null> {
  return templates.get(db, environmentId, async () => {
    const row = await findJwtTemplate(db, systemTenant(environmentId));
    const parsed = row && parseTemplate(row.content);
    if (parsed && 'faults' in parsed) throw new Error(`The JWT template of ${environmentId} is not one.`);
    return parsed?.template ?? null;
  });
}

/**
 * The claims a template adds for somebody, from what the database has now.
 *
 * @throws {TokenTooBig}
 */
export async function ownClaims(db: Db, tenant: Tenant, template: Template | null, holder: Holder): Promise<Claims> {
  if (template === null) return {};
  const claims = renderTemplate(template, await readValues(db, tenant, template, holder));
  const bytes = bytesOf(claims);
  if (bytes > maxClaimsBytes) throw new TokenTooBig(bytes);
  return claims;
}

/** @throws {EntityNotFound} when none is set */
export async function getJwtTemplate({ db }: Pick<Services, 'db'>, tenant: Tenant): Promise<JwtTemplateRow> {
  const row = await findJwtTemplate(db, tenant);
  if (!row) throw new EntityNotFound('JWT template', tenant.environmentId);
  return row;
}

/** From now on tokens are made with it; on other nodes within the time every cache keeps to. @throws {InvalidRequestParameters} */
export function setJwtTemplate(services: Services, tenant: Tenant, content: string): Promise<JwtTemplateRow> {
  const parsed = parseTemplate(content);
  if ('faults' in parsed)
    throw new InvalidRequestParameters(parsed.faults.map((fault) => ({ ...fault, field: 'content' })));
  return services.db.transaction(async (tx) => {
    const before = await findJwtTemplate(tx, tenant);
    const row = await writeJwtTemplate(tx, tenant, content, services.now());
    await recordChange(services, tx, tenant, 'jwt_template', {
      before: before && { content: before.content },
      after: { content },
    });
    tx.afterCommit(() => templates.forget(services.db, tenant.environmentId));
    return row;
  });
}

/** Tokens have our own claims only. @throws {EntityNotFound} when none is set */
export function removeJwtTemplate(services: Services, tenant: Tenant): Promise<void> {
  return services.db.transaction(async (tx) => {
    const row = await deleteJwtTemplate(tx, tenant);
    if (!row) throw new EntityNotFound('JWT template', tenant.environmentId);
    await recordChange(services, tx, tenant, 'jwt_template', { before: { content: row.content }, after: null });
    tx.afterCommit(() => templates.forget(services.db, tenant.environmentId));
  });
}

export interface Preview {
  /** Null when the template is not one. */
  readonly claims: Claims | null;
  readonly bytes: number;
  readonly faults: readonly Fault[];
}

/**
 * What a template would make of somebody, before anybody's token has it.
 *
 * @throws {EntityNotFound} when there is no such user
 * @throws {OrganizationMembershipNotFound} when they are no member there
 */
export async function previewTemplate(
  { db }: Pick<Services, 'db'>,
  tenant: Tenant,
  content: string,
  holder: Holder,
): Promise<Preview> {
  const { userId, organizationId } = holder;
  if (!(await findUser(db, tenant, userId))) throw new EntityNotFound('User', userId);
  if (organizationId !== null && !(await findMembership(db, tenant, organizationId, userId)))
    throw new OrganizationMembershipNotFound(organizationId);
  const parsed = parseTemplate(content);
  if ('faults' in parsed) return { claims: null, bytes: 0, faults: parsed.faults };
  const claims = renderTemplate(parsed.template, await readValues(db, tenant, parsed.template, holder));
  const bytes = bytesOf(claims);
  const { code, message } = new TokenTooBig(bytes);
  return { claims, bytes, faults: bytes > maxClaimsBytes ? [{ code, message }] : [] };
}
