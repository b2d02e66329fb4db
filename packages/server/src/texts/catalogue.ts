import type { Locale } from './locales.ts';
import { ar } from './messages/ar.ts';
import { de } from './messages/de.ts';
import { en } from './messages/en/index.ts';
import { es } from './messages/es.ts';
import { fr } from './messages/fr.ts';
import { he } from './messages/he.ts';
import { it } from './messages/it.ts';
import { ja } from './messages/ja.ts';
import { ko } from './messages/ko.ts';
import { nl } from './messages/nl.ts';
import { pl } from './messages/pl.ts';
import { ptBR } from './messages/pt-BR.ts';
import { tr } from './messages/tr.ts';
import { zhHans } from './messages/zh-Hans.ts';
import type { Translation } from './translation.ts';

type English = typeof en;

/** `codes.wrong`: the area, which is the file, and the name in it. */
export type MessageKey = { [Area in keyof English & string]: `${Area}.${keyof English[Area] & string}` }[keyof English &
  string];

const translations: Readonly<Record<Locale, Translation>> = {
  en,
  ar,
  de,
  es,
  fr,
  he,
  it,
  ja,
  ko,
  nl,
  pl,
  'pt-BR': ptBR,
  tr,
  'zh-Hans': zhHans,
};

/** ICU messages by key. */
export const catalogues = Object.fromEntries(
  Object.entries(translations).map(([locale, areas]) => [locale, flat(areas)]),
) as Readonly<Record<Locale, Readonly<Partial<Record<MessageKey, string>>>>>;

/** What every message has: its English text. */
export const english = catalogues.en as Readonly<Record<MessageKey, string>>;

export const messageKeys = Object.keys(english) as readonly MessageKey[];

export const isMessageKey = (key: string): key is MessageKey => Object.hasOwn(english, key);

function flat(areas: Translation): Record<string, string> {
  return Object.fromEntries(
    Object.entries(areas).flatMap(([area, messages]) =>
      Object.entries(messages).map(([name, message]) => [`${area}.${name}`, message]),
    ),
  );
}
