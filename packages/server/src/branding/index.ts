/**
 * How an environment looks to its people: logo, icon, colours, corners, own words. An operator works on a draft,
 * publishes it and can take that back. Colours that would be hard to read are shown in a shade that is not.
 *
 * Owns `branding` and `branding_images`, and the design tokens that pages and mails are drawn with.
 */
export { type Brand, ownBrand } from './brand.ts';
export { parts, untouchable } from './css/parts.ts';
export { rebuildCss } from './css/rebuild.ts';
export { familyOf } from './fonts.ts';
export { type Look, lookFor, lookOf, ownLook, withoutCss } from './look.ts';
export { plainCookies } from './plain.ts';
export { readPreview } from './preview-link.ts';
export { brandingRoutes } from './routes.ts';
export { isSupportUrl, readableSupport } from './support-url.ts';
export { ownPalettes, ownTheme, type Palette, type Theme, tokensOf } from './tokens.ts';
