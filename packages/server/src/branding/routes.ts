import { z } from 'zod';
import {
  anyone,
  EntityNotFound,
  operator,
  Reply,
  type Route,
  route,
  type Services,
  type Tenant,
  toTimestampOrNull,
} from '../core/index.ts';
import { isShownHere } from '../environments/index.ts';
import { Brand, ownBrand } from './brand.ts';
import { NothingPublished } from './errors.ts';
import { familyOf, fonts } from './fonts.ts';
import {
  findPublicImage,
  getBranding,
  publishBranding,
  revertBranding,
  saveBrandingDraft,
  uploadImage,
} from './logic.ts';
import { imagePath } from './look.ts';
import { ownTextKeys } from './own-texts.ts';
import { measure, themeOf } from './palette.ts';
import { previewPath } from './preview-link.ts';
import type { BrandingRow } from './store.ts';
import { ownPalettes, type Palette } from './tokens.ts';

const yearSeconds = 31_536_000;

const DefaultColors = z.object({ page: z.string(), button: z.string(), button_text: z.string(), link: z.string() });
const ShownColors = DefaultColors.extend({ button_edge: z.string().describe('`transparent` where it needs none.') });

const BrandingWire = z
  .object({
    draft: Brand,
    published: Brand.describe('What people see.'),
    has_changes: z.boolean().describe('The draft differs from what people see.'),
    can_revert: z.boolean(),
    published_at: z.string().nullable(),
    contrast: z
      .array(
        z.object({
          mode: z.enum(['light', 'dark']),
          color: z.enum(['page', 'button', 'button_text', 'link']),
          chosen: z.string(),
          shown: z.string().describe('The nearest shade that is readable; for a button its edge, for a page itself.'),
          chosen_ratio: z.number(),
          shown_ratio: z.number(),
          required: z.number(),
        }),
      )
      .describe('How readable the chosen colours of the draft are (WCAG 2.2).'),
    default_colors: z
      .object({ light: DefaultColors, dark: DefaultColors })
      .describe('Ours, which stand where a colour is null.'),
    shown_colors: z
      .object({ light: ShownColors, dark: ShownColors })
      .describe('Those of the draft as its pages show them, every one of them readable.'),
    fonts: z
      .array(z.object({ font: z.enum(fonts), family: z.string().describe('As the value of `font-family`.') }))
      .describe('Those to choose from.'),
    preview_url: z.string().describe('Shows the draft on every page, to whoever has it, for a day.'),
    text_keys: z.array(z.string()).describe('Messages that `texts` may change.'),
  })
  .meta({ id: 'BrandingState' });

function toWire(services: Services, tenant: Tenant, row: BrandingRow): z.input<typeof BrandingWire> {
  const { draft, published } = row;
  const { palettes: shown } = themeOf(draft);
  return {
    draft,
    published: published ?? ownBrand,
    has_changes: JSON.stringify(draft) !== JSON.stringify(published ?? ownBrand),
    can_revert: row.publishedAt !== null,
    published_at: toTimestampOrNull(row.publishedAt),
    contrast: measure(draft).map(({ chosenRatio, shownRatio, ...measured }) => ({
      ...measured,
      chosen_ratio: chosenRatio,
      shown_ratio: shownRatio,
    })),
    default_colors: { light: defaultColorsOf(ownPalettes.light), dark: defaultColorsOf(ownPalettes.dark) },
    shown_colors: { light: shownColorsOf(shown.light), dark: shownColorsOf(shown.dark) },
    fonts: fonts.map((font) => ({ font, family: familyOf(font) })),
    preview_url: services.config.serverUrl + previewPath(services, tenant),
    text_keys: [...ownTextKeys],
  };
}

const defaultColorsOf = ({ page, brand, link, 'brand-text': text }: Palette): z.input<typeof DefaultColors> => ({
  page,
  button: brand,
  button_text: text,
  link,
});

const shownColorsOf = (palette: Palette): z.input<typeof ShownColors> => ({
  ...defaultColorsOf(palette),
  button_edge: palette['brand-line'],
});

const base = { internal: true, returns: { status: 200, body: BrandingWire } } as const;

const read = route(
  {
    ...base,
    operationId: 'getDashboardBranding',
    method: 'GET',
    path: '/dashboard/api/branding',
    summary: 'Get how the environment looks: the draft and what people see',
    auth: operator('environment:read'),
    errors: [],
  },
  async ({ tenant }, services) => toWire(services, tenant, await getBranding(services, tenant)),
);

const save = route(
  {
    ...base,
    operationId: 'saveDashboardBrandingDraft',
    method: 'PUT',
    path: '/dashboard/api/branding/draft',
    summary: 'Save the draft of a look',
    auth: operator('environment:write'),
    body: Brand,
    errors: [],
  },
  async ({ tenant, body }, services) => toWire(services, tenant, await saveBrandingDraft(services, tenant, body)),
);

const publish = route(
  {
    ...base,
    operationId: 'publishDashboardBranding',
    method: 'POST',
    path: '/dashboard/api/branding/publish',
    summary: 'Show the draft to people',
    auth: operator('environment:write'),
    errors: [NothingPublished],
  },
  async ({ tenant }, services) => toWire(services, tenant, await publishBranding(services, tenant)),
);

const revert = route(
  {
    ...base,
    operationId: 'revertDashboardBranding',
    method: 'POST',
    path: '/dashboard/api/branding/revert',
    summary: 'Go back to the look before the last publication',
    auth: operator('environment:write'),
    errors: [NothingPublished],
  },
  async ({ tenant }, services) => toWire(services, tenant, await revertBranding(services, tenant)),
);

const ImageWire = z
  .object({ id: z.string(), url: z.string(), media_type: z.string(), width: z.number(), height: z.number() })
  .meta({ id: 'BrandingImage' });

const upload = route(
  {
    operationId: 'uploadDashboardBrandingImage',
    method: 'POST',
    path: '/dashboard/api/branding/images',
    summary: 'Upload a logo or an icon',
    auth: operator('environment:write'),
    body: z.object({ content: z.base64().min(1).describe('PNG, JPEG or WebP, at most 256 KiB, as base64.') }),
    returns: { status: 201, body: ImageWire },
    errors: [],
    internal: true,
  },
  async ({ tenant, body }, services) => {
    const { id, mediaType, width, height } = await uploadImage(services, tenant, body.content);
    const url = services.config.serverUrl + imagePath(tenant.environmentId, id);
    return { id, url, media_type: mediaType, width, height };
  },
);

const show = route(
  {
    operationId: 'getBrandingImage',
    method: 'GET',
    path: '/branding/images/{id}',
    summary: 'A logo or an icon',
    auth: anyone('it stands on pages that anybody may open'),
    params: z.object({ id: z.string().max(160).describe('The environment’s id, a dot, the image’s id.') }),
    returns: { status: 200 },
    errors: [EntityNotFound],
    internal: true,
  },
  async ({ params }, services) => {
    const [environmentId = '', id = ''] = params.id.split('.');
    const image = isShownHere(services, environmentId) ? await findPublicImage(services, environmentId, id) : null;
    if (!image) throw new EntityNotFound('Image', params.id);
    return new Reply({ kind: 'bytes', body: image.content, type: image.mediaType }, 200, {
      headers: {
        // The address changes with the bytes.
        'cache-control': `public, max-age=${yearSeconds}, immutable`,
        // Opened by itself it is a picture and nothing else, whatever a browser would make of its bytes.
        'content-security-policy': "default-src 'none'; sandbox",
        'cross-origin-resource-policy': 'cross-origin',
      },
    });
  },
);

export const brandingRoutes: readonly Route[] = [read, save, publish, revert, upload, show];
