import { LRUCache } from 'lru-cache';

/** Every language the hosted pages and mails speak, by BCP 47 tag, named in itself. English first; the rest by name. */
export const languages = {
  en: { name: 'English', dir: 'ltr' },
  de: { name: 'Deutsch', dir: 'ltr' },
  es: { name: 'Español', dir: 'ltr' },
  fr: { name: 'Français', dir: 'ltr' },
  it: { name: 'Italiano', dir: 'ltr' },
  nl: { name: 'Nederlands', dir: 'ltr' },
  pl: { name: 'Polski', dir: 'ltr' },
  'pt-BR': { name: 'Português (Brasil)', dir: 'ltr' },
  tr: { name: 'Türkçe', dir: 'ltr' },
  he: { name: 'עברית', dir: 'rtl' },
  ar: { name: 'العربية', dir: 'rtl' },
  ja: { name: '日本語', dir: 'ltr', hasOneName: true },
  'zh-Hans': { name: '简体中文', dir: 'ltr', hasOneName: true },
  ko: { name: '한국어', dir: 'ltr', hasOneName: true },
} as const satisfies Record<string, { name: string; dir: 'ltr' | 'rtl'; hasOneName?: true }>;

export type Locale = keyof typeof languages;

/** Whether its speakers write their name into one field: family and given name are not asked for apart. */
export const takesOneName = (locale: Locale): boolean => 'hasOneName' in languages[locale];

export const locales = Object.keys(languages) as readonly Locale[];

/** For what nobody chose a language for. */
export const fallback: Locale = 'en';

export const isLocale = (tag: string): tag is Locale => Object.hasOwn(languages, tag);

/**
 * The first wish we can fulfil, in the order of the wishes.
 *
 * @param wishes - one tag (`de-AT`), a list by spaces as `ui_locales` has it (OpenID Connect Core section 3.1.2.1), or
 *   a header (RFC 9110 section 12.5.4). What is no language tag wishes for nothing
 */
export function negotiate(...wishes: readonly (string | null | undefined)[]): Locale {
  for (const wish of wishes) {
    for (const tag of tagsIn(wish ?? '')) {
      const locale = closest(tag);
      if (locale) return locale;
    }
  }
  return fallback;
}

/** Headers may be long; nobody means the thirty-third language. */
const maxTags = 32;

/** The tags of a list, best first; those with `q=0` are unwanted. */
function tagsIn(list: string): string[] {
  const ranges = list
    .slice(0, 1000)
    .split(/[,;]/.test(list) ? ',' : /\s+/)
    .slice(0, maxTags)
    .map((item) => {
      const [tag = '', ...parameters] = item.split(';').map((part) => part.trim());
      const quality = parameters.map((parameter) => /^q=([\d.]+)$/i.exec(parameter)?.[1]).find(Boolean);
      return { tag, quality: quality === undefined ? 1 : Number(quality) };
    });
  return ranges
    .filter(({ tag, quality }) => tag !== '' && quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag);
}

/** Worked out once: every page is asked for in some language. */
const spoken = locales.map((locale) => {
  const { language, script } = new Intl.Locale(locale).maximize();
  return { locale, language, script };
});

/** What browsers ask for is the same few tags again and again, and likely subtags are slow to find. */
const answers = new LRUCache<string, { readonly locale: Locale | null }>({ max: 500 });

function closest(tag: string): Locale | null {
  const known = answers.get(tag);
  if (known) return known.locale;
  const locale = find(tag);
  answers.set(tag, { locale });
  return locale;
}

/** The language in the script a tag implies: `zh-SG` is written like `zh-Hans`. Then the language in any script. */
function find(tag: string): Locale | null {
  const wanted = likely(tag);
  if (!wanted) return null;
  const sameLanguage = spoken.filter(({ language }) => language === wanted.language);
  const sameScript = sameLanguage.find(({ script }) => script === wanted.script);
  return (sameScript ?? sameLanguage[0])?.locale ?? null;
}

function likely(tag: string): Intl.Locale | null {
  try {
    return new Intl.Locale(tag).maximize();
  } catch {
    return null;
  }
}
