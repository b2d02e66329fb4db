import type { RequestInfo, Services } from '../core/index.ts';
import { type Locale, type OwnTexts, type Translator, translator } from '../texts/index.ts';
import { type Brand, ownBrand } from './brand.ts';
import { layerOf } from './css/layer.ts';
import { publishedBrand } from './logic.ts';
import { themeOf } from './palette.ts';
import { isPlain } from './plain.ts';
import type { Theme } from './tokens.ts';

/** A brand as pages and mails use it: colours worked out, images as addresses. */
export interface Look extends Theme {
  /** Paths of ours; `dark` is the one for dark pages. Null: the name's initial stands there. */
  readonly logo: { readonly light: string; readonly dark: string } | null;
  readonly icon: string | null;
  /** Where people get help: https or `mailto:` (`isSupportUrl`). */
  readonly supportUrl: string | null;
  /** The operator's own CSS in a layer of its own, read and printed anew (`css/rebuild.ts`); empty for none. */
  readonly css: string;
  /** Speaks the language with the operator's own words in it. */
  translator(locale: Locale): Translator;
}

export const imagePath = (environmentId: string, id: string): string => `/branding/images/${environmentId}.${id}`;

/** Brands come out of a cache, so the same one again is the same object. */
const looks = new WeakMap<Brand, Look>();

export function lookOf(brand: Brand, environmentId: string): Look {
  const known = looks.get(brand);
  if (known) return known;
  const look = makeLook(brand, environmentId);
  // Ours is everybody's, and no environment's images stand in it.
  looks.set(brand, look);
  return look;
}

function makeLook(brand: Brand, environmentId: string): Look {
  const path = (id: string): string => imagePath(environmentId, id);
  const light = brand.logo ?? brand.logo_dark;
  const dark = brand.logo_dark ?? brand.logo;
  const spoken = new Map<Locale, Translator>();
  return {
    ...themeOf(brand),
    logo: light && dark ? { light: path(light), dark: path(dark) } : null,
    icon: brand.icon && path(brand.icon),
    supportUrl: brand.support_url,
    css: layerOf(brand.css),
    translator(locale) {
      const made = spoken.get(locale) ?? translator(locale, brand.texts[locale] as OwnTexts | undefined);
      spoken.set(locale, made);
      return made;
    },
  };
}

/** How people see an environment. @param request - of a page; it may ask for none of the operator's own CSS */
export async function lookFor(
  services: Pick<Services, 'db'>,
  environmentId: string,
  request?: RequestInfo,
): Promise<Look> {
  const brand = await publishedBrand(services, environmentId);
  return lookOf(request && isPlain(request) ? withoutCss(brand) : brand, environmentId);
}

const plainBrands = new WeakMap<Brand, Brand>();

/** The same object for the same brand, so that its look is made once. */
export function withoutCss(brand: Brand): Brand {
  if (brand.css === '') return brand;
  const plain = plainBrands.get(brand) ?? { ...brand, css: '' };
  plainBrands.set(brand, plain);
  return plain;
}

export const ownLook: Look = lookOf(ownBrand, '');
