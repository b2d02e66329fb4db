import { type Db, sql, type Tenant } from '../core/index.ts';

export interface JwtTemplateRow {
  readonly environmentId: string;
  readonly content: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export function findJwtTemplate(db: Db, tenant: Tenant): Promise<JwtTemplateRow | null> {
  return db.maybeOne(sql<JwtTemplateRow>`select * from jwt_templates where environment_id = ${tenant.environmentId}`);
}

export function writeJwtTemplate(tx: Db, tenant: Tenant, content: string, at: Date): Promise<JwtTemplateRow> {
  return tx.one(sql<JwtTemplateRow>`
    insert into jwt_templates (environment_id, content, created_at, updated_at)
    values (${tenant.environmentId}, ${content}, ${at}, ${at})
    on conflict (environment_id) do update set content = excluded.content, updated_at = excluded.updated_at
    returning *`);
}

/** @returns null when there is none */
export function deleteJwtTemplate(tx: Db, tenant: Tenant): Promise<JwtTemplateRow | null> {
  return tx.maybeOne(sql<JwtTemplateRow>`
    delete from jwt_templates where environment_id = ${tenant.environmentId} returning *`);
}
