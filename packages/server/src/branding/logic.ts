import {
  after,
  cache,
  type Db,
  days,
  InvalidRequestParameters,
  type Services,
  systemTenant,
  type Tenant,
} from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import { type Brand, imagesOf, ownBrand } from './brand.ts';
import { rebuildCss } from './css/rebuild.ts';
import { NothingPublished } from './errors.ts';
import { type Image, readImage } from './image.ts';
import {
  type BrandingRow,
  deleteOtherImages,
  findBranding,
  findImage,
  insertImage,
  publishDraft,
  saveDraft,
  swapPublished,
} from './store.ts';

/** An upload that no saved look uses may still be in somebody's open editor. */
const unusedImageMs = days(1);

/** What people see, by environment. */
const published = cache<Brand>({ max: 1000 });

export function publishedBrand({ db }: Pick<Services, 'db'>, environmentId: string): Promise<Brand> {
  return published.get(db, environmentId, async () => {
    const row = await findBranding(db, systemTenant(environmentId));
    return row?.published ?? ownBrand;
  });
}

export async function getBranding({ db, now }: Pick<Services, 'db' | 'now'>, tenant: Tenant): Promise<BrandingRow> {
  return (await findBranding(db, tenant)) ?? untouched(tenant, now());
}

const untouched = ({ environmentId }: Tenant, at: Date): BrandingRow => ({
  environmentId,
  draft: ownBrand,
  published: null,
  previous: null,
  publishedAt: null,
  updatedAt: at,
});

/** @throws {InvalidRequestParameters} for CSS we do not take, or an image that this environment does not have */
export async function saveBrandingDraft(services: Services, tenant: Tenant, draft: Brand): Promise<BrandingRow> {
  assertCss(draft);
  return services.db.transaction(async (tx) => {
    const before = await findBranding(tx, tenant);
    await assertImages(tx, tenant, draft);
    const row = await saveDraft(tx, tenant, draft, services.now());
    await record(services, tx, tenant, 'branding_draft', before?.draft ?? ownBrand, draft);
    return row;
  });
}

/** With all that is wrong with it at once, so that it is put right in one go. */
function assertCss({ css }: Brand): void {
  const { faults } = rebuildCss(css);
  if (faults.length === 0) return;
  throw new InvalidRequestParameters(
    faults.map(({ line, reason }) => ({ code: 'css_refused', message: `Line ${line}: ${reason}`, field: 'css' })),
  );
}

async function assertImages(tx: Db, tenant: Tenant, draft: Brand): Promise<void> {
  for (const field of ['logo', 'logo_dark', 'icon'] as const) {
    const id = draft[field];
    if (id === null || (await findImage(tx, tenant, id))) continue;
    throw new InvalidRequestParameters([{ code: 'image_not_found', message: `There is no image '${id}'.`, field }]);
  }
}

/** From now on people see the draft. @throws {NothingPublished} when there is none */
export function publishBranding(services: Services, tenant: Tenant): Promise<BrandingRow> {
  return services.db.transaction(async (tx) => {
    const before = await findBranding(tx, tenant);
    const row = before && (await publishDraft(tx, tenant, services.now()));
    if (!row) throw new NothingPublished('Save a draft first; there is nothing to publish.');
    return changed(services, tx, tenant, before, row);
  });
}

/** People see again what they saw before the last publication. @throws {NothingPublished} */
export function revertBranding(services: Services, tenant: Tenant): Promise<BrandingRow> {
  return services.db.transaction(async (tx) => {
    const before = await findBranding(tx, tenant);
    const row = before && (await swapPublished(tx, tenant, ownBrand, services.now()));
    if (!row) throw new NothingPublished('Nothing was published yet, so there is nothing to go back to.');
    return changed(services, tx, tenant, before, row);
  });
}

async function changed(
  services: Services,
  tx: Db,
  tenant: Tenant,
  before: BrandingRow,
  row: BrandingRow,
): Promise<BrandingRow> {
  await record(services, tx, tenant, 'branding', before.published ?? ownBrand, row.published ?? ownBrand);
  const looks = [row.draft, row.published, row.previous].filter((look) => look !== null);
  await deleteOtherImages(tx, tenant, looks.flatMap(imagesOf), after(services.now(), -unusedImageMs));
  // This node shows it at once; the others within the time every cache keeps to.
  tx.afterCommit(() => published.forget(services.db, tenant.environmentId));
  return row;
}

async function record(services: Services, tx: Db, tenant: Tenant, part: string, before: Brand, after: Brand) {
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  const data = { id: tenant.environmentId, part, before, after };
  await recordEvent(services, tx, tenant, { name: 'environment.updated', data });
}

/** @param base64 - the file. @throws {InvalidRequestParameters} when it is not an image we show */
export async function uploadImage(services: Services, tenant: Tenant, base64: string): Promise<Image> {
  const image = readImage(tenant, base64);
  await services.db.transaction((tx) => insertImage(tx, tenant, image, services.now()));
  return image;
}

/** Anybody's browser may ask: it stands on a page that anybody may open. */
export const findPublicImage = (
  { db }: Pick<Services, 'db'>,
  environmentId: string,
  id: string,
): Promise<Image | null> => findImage(db, systemTenant(environmentId), id);
