import { type Html, html } from '../../core/index.ts';
import { languages, locales, type Translator } from '../../texts/index.ts';
import { icons } from './components.ts';

/** Names each language in itself. A button per language in a form of its own, so it works without script. */
export function languageMenu(t: Translator, here: string): Html {
  const options = locales.map(
    (locale) =>
      html`<button type="submit" name="locale" value="${locale}" lang="${locale}" dir="${languages[locale].dir}"${
        locale === t.locale && html` aria-current="true"`
      }>${languages[locale].name}</button>`,
  );
  return html`<details class="languages"><summary>${icons.globe}<span class="unseen">${t('common.language')}: </span><span>${languages[t.locale].name}</span></summary><form method="post" action="/language"><input type="hidden" name="return_to" value="${here}">${options}</form></details>`;
}
