import { z } from 'zod';
import { isLocale } from '../texts/index.ts';
import { fonts } from './fonts.ts';
import { ownTextFaults } from './own-texts.ts';
import { isSupportUrl } from './support-url.ts';
import { layouts } from './tokens.ts';

const color = z
  .string()
  .regex(/^#[0-9a-fA-F]{6}$/, 'Write a colour as #rrggbb.')
  .toLowerCase()
  .nullable()
  .describe('`#rrggbb`; null for ours.');

const Colors = z.object({
  page: color,
  button: color,
  button_text: color,
  link: color,
});

const image = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .nullable()
  .describe('Id of an uploaded image.');

/** Where people get help. It stands on the page where passwords are entered, so it is one of two plain things. */
const supportUrl = z
  .string()
  .max(500)
  .refine(isSupportUrl, 'Write an https:// address, or mailto: and one e-mail address.')
  .nullable()
  .describe('An https address, or `mailto:` and one e-mail address, which every page and mail links; null for none.');

/** By language tag, then by message key. */
const texts = z
  .record(z.string(), z.record(z.string(), z.string()))
  .superRefine((byLocale, context) => {
    for (const [locale, messages] of Object.entries(byLocale)) {
      if (!isLocale(locale)) context.addIssue({ code: 'custom', message: `We do not speak '${locale.slice(0, 35)}'.` });
      for (const fault of ownTextFaults(messages)) context.addIssue({ code: 'custom', message: fault, path: [locale] });
    }
  })
  .describe('Own words for some messages, plain text with the placeholders of the message.');

/** Kept as it was typed, and read again whenever it is printed. What it may say is looked at when it is saved. */
const css = z
  .string()
  .describe('CSS for the named parts of pages, at most 16,384 characters; empty for none. Mails do without it.');

/** How an environment looks to its people, as an operator describes it. Kept and sent in this shape. */
export const Brand = z
  .object({
    appearance: z.enum(['light', 'dark', 'system']),
    layout: z
      .enum(layouts)
      .describe('Where the card stands on a wide screen, as the language runs; a small one is all card.'),
    font: z.enum(fonts).describe('Families that devices bring; nothing is fetched.'),
    radius: z.number().int().min(0).max(20).describe('Of fields and buttons, in CSS pixels.'),
    light: Colors,
    dark: Colors,
    logo: image,
    logo_dark: image,
    icon: image,
    support_url: supportUrl,
    texts,
    css,
  })
  .meta({ id: 'Branding' });

export type Brand = Readonly<z.output<typeof Brand>>;

const ownColors = { page: null, button: null, button_text: null, link: null };

/** Ours: what an environment looks like until somebody says otherwise. */
export const ownBrand: Brand = {
  appearance: 'system',
  layout: 'center',
  font: 'system',
  radius: 10,
  light: ownColors,
  dark: ownColors,
  logo: null,
  logo_dark: null,
  icon: null,
  support_url: null,
  texts: {},
  css: '',
};

export const imagesOf = ({ logo, logo_dark, icon }: Brand): string[] =>
  [logo, logo_dark, icon].filter((id) => id !== null);
