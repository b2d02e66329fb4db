import { type Db, json, sql, type Tenant } from '../core/index.ts';
import { type Brand, ownBrand } from './brand.ts';
import type { Image } from './image.ts';

export interface BrandingRow {
  readonly environmentId: string;
  readonly draft: Brand;
  /** Null: ours. */
  readonly published: Brand | null;
  readonly previous: Brand | null;
  readonly publishedAt: Date | null;
  readonly updatedAt: Date;
}

/** Looks are kept as they were saved: what a brand has learned to hold since is ours in those from before. */
const complete = (row: BrandingRow): BrandingRow => ({
  ...row,
  draft: { ...ownBrand, ...row.draft },
  published: row.published && { ...ownBrand, ...row.published },
  previous: row.previous && { ...ownBrand, ...row.previous },
});

const completeOrNull = (row: BrandingRow | null): BrandingRow | null => row && complete(row);

export async function findBranding(db: Db, tenant: Tenant): Promise<BrandingRow | null> {
  return completeOrNull(
    await db.maybeOne(sql<BrandingRow>`select * from branding where environment_id = ${tenant.environmentId}`),
  );
}

export async function saveDraft(db: Db, tenant: Tenant, draft: Brand, at: Date): Promise<BrandingRow> {
  const row = await db.one(sql<BrandingRow>`
    insert into branding (environment_id, draft_json, updated_at)
    values (${tenant.environmentId}, ${json(draft)}, ${at})
    on conflict (environment_id) do update set draft_json = excluded.draft_json, updated_at = excluded.updated_at
    returning *`);
  return complete(row);
}

/** @returns null when there is no draft */
export async function publishDraft(db: Db, tenant: Tenant, at: Date): Promise<BrandingRow | null> {
  const row = await db.maybeOne(sql<BrandingRow>`
    update branding set previous_json = published_json, published_json = draft_json, published_at = ${at},
      updated_at = ${at}
    where environment_id = ${tenant.environmentId}
    returning *`);
  return completeOrNull(row);
}

/** Puts back what people saw before; doing it twice undoes it. @returns null when nothing was ever published */
export async function swapPublished(db: Db, tenant: Tenant, ours: Brand, at: Date): Promise<BrandingRow | null> {
  const row = await db.maybeOne(sql<BrandingRow>`
    update branding set published_json = previous_json, previous_json = published_json,
      draft_json = coalesce(previous_json, ${json(ours)}), published_at = ${at}, updated_at = ${at}
    where environment_id = ${tenant.environmentId} and published_at is not null
    returning *`);
  return completeOrNull(row);
}

interface ImageRow extends Omit<Image, 'content'> {
  /** Base64. */
  readonly content: string;
}

export async function insertImage(db: Db, tenant: Tenant, image: Image, at: Date): Promise<void> {
  await db.run(sql`
    insert into branding_images (environment_id, id, media_type, width, height, content, created_at)
    values (${tenant.environmentId}, ${image.id}, ${image.mediaType}, ${image.width}, ${image.height},
      ${image.content.toString('base64')}, ${at})
    on conflict (environment_id, id) do update set created_at = excluded.created_at`);
}

export async function findImage(db: Db, tenant: Tenant, id: string): Promise<Image | null> {
  const row = await db.maybeOne(sql<ImageRow>`
    select * from branding_images where environment_id = ${tenant.environmentId} and id = ${id}`);
  return row && { ...row, content: Buffer.from(row.content, 'base64') };
}

/** Those somebody uploaded before `before` and nobody uses. */
export async function deleteOtherImages(db: Db, tenant: Tenant, used: readonly string[], before: Date): Promise<void> {
  const old = await db.all(sql<{ id: string }>`
    select id from branding_images where environment_id = ${tenant.environmentId} and created_at < ${before}`);
  for (const { id } of old.filter((image) => !used.includes(image.id)))
    await db.run(sql`delete from branding_images where environment_id = ${tenant.environmentId} and id = ${id}`);
}
