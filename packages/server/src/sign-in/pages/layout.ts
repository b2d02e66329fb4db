import { isSupportUrl, type Look, ownLook } from '../../branding/index.ts';
import { attributes, type Html, html, type Printable, raw } from '../../core/index.ts';
import type { Translator } from '../../texts/index.ts';
import { icons, link } from './components.ts';
import { languageMenu } from './language-menu.ts';
import { newPasswordScript } from './new-password-script.ts';
import { passkeyScript } from './passkey-script.ts';
import { script } from './script.ts';
import { settingsStyles } from './settings-styles.ts';
import { stylesOf } from './styles.ts';

/** Whose page it is. */
export interface AppView {
  /** As the operator named it; shown as text, never as markup. */
  readonly name: string;
  readonly environmentName: string;
  readonly environmentKind: 'staging' | 'production';
  readonly termsUrl?: string | null;
  readonly privacyUrl?: string | null;
}

/** What each page needs beside its own matter. */
export interface PageView {
  readonly app: AppView;
  /** Fresh for each response, as the Content-Security-Policy names it. */
  readonly nonce: string;
  /** Speaks the reader's language. */
  readonly t: Translator;
  /** How the app's environment looks; ours when not given. */
  readonly look?: Look;
  /** A path of ours that shows this page again, for the language menu. A page with a form need not say it. */
  readonly here?: string | null;
}

/** Stands in where no environment could be found out, as on an error page for an unknown client. */
export const ourselves: AppView = { name: 'AuthKit', environmentName: '', environmentKind: 'production' };

export interface Layout extends PageView {
  /** Where the page's form leads; opened, that shows the page again. Without it and `here` there is no language menu. */
  readonly action?: string;
  /** More for the document's head. */
  readonly head?: Html;
  /** What one does here: `Sign in`. The app's name follows it in the title. */
  readonly title: string;
  /** The h1, when it says more than the title. */
  readonly heading?: string;
  /** Below the heading: a line of text, or paragraphs. */
  readonly context?: Printable;
  readonly body: Html;
  /** The page takes or makes a passkey, which needs a script of its own. */
  readonly hasPasskeyForm?: boolean;
  /** A page of settings: a wider card, and the style that its rows need. */
  readonly settings?: boolean;
  /** The page is where a password is chosen: it advises, and does the work that a sign-up may cost. */
  readonly hasNewPassword?: boolean;
  /** Below the card, for those who build the app. */
  readonly below?: Html | null;
}

const behaviour = raw(script);
/** First, so that a form is sent only once it has its passkey. */
const passkeyBehaviour = raw(`${passkeyScript}\n${script}`);
const newPasswordBehaviour = raw(`${newPasswordScript}\n${script}`);

/**
 * The whole document.
 *
 * Written for the policy `default-src 'none'`: style and script by nonce, the icon as a `data:` address, and nothing
 * else is fetched. There are no `style` and `on…` attributes, which no nonce can admit.
 */
export function page(view: Layout): string {
  const { app, nonce, t, look = ownLook, title, body, below } = view;
  const here = view.action ?? view.here ?? null;
  const initial = initialOf(app.name);
  return html`<!doctype html>
<html lang="${t.locale}" dir="${t.dir}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="${look.appearance === 'system' ? 'light dark' : look.appearance}"><meta name="robots" content="noindex">${view.head}<title>${t('common.documentTitle', { title, app: app.name })}</title><link rel="icon" href="${look.icon ?? favicon(look, initial)}"><style nonce="${nonce}">${stylesOf(look)}${view.settings && settingsStyles}${raw(look.css)}</style></head><body>${strip(t, app)}<main${attributes({ class: view.settings ? 'settings' : null })}><div class="card">${logo(look, app.name) ?? html`<div class="mark" aria-hidden="true">${initial}</div>`}<h1>${view.heading ?? title}</h1>${
    view.context && html`<div class="context">${view.context}</div>`
  }<div class="content"><div class="note note-error" id="offline" role="alert" tabindex="-1" hidden>${icons.alert}<p>${t('common.offline')}</p></div>${body}</div></div>${below}</main><footer><span class="by">${icons.lock}<span>${t('common.securedBy')}</span></span>${links(t, app, look)}${here && languageMenu(t, here)}</footer><p class="unseen" id="status" role="status"></p><script nonce="${nonce}">${behaviourOf(view)}</script></body></html>
`.markup;
}

function behaviourOf({ hasPasskeyForm, hasNewPassword }: Layout): Html {
  if (hasPasskeyForm) return passkeyBehaviour;
  return hasNewPassword ? newPasswordBehaviour : behaviour;
}

/** The line that keeps real people's data out of a test environment. Production wears none. */
function strip(t: Translator, app: AppView): Html | null {
  if (app.environmentKind !== 'staging') return null;
  const named = app.environmentName && app.environmentName.toLowerCase() !== 'staging';
  return html`<header class="strip">${t('common.staging')}${named && html` <bdi>(${app.environmentName})</bdi>`}</header>`;
}

/** Help comes first, so that it stands in the same place whatever else is linked (WCAG 2.2 success criterion 3.2.6). */
function links(t: Translator, { termsUrl, privacyUrl }: AppView, { supportUrl }: Look): Html | null {
  const shown = [help(t, supportUrl), link(t('common.terms'), termsUrl), link(t('common.privacy'), privacyUrl)];
  return shown.some(Boolean) ? html`<nav class="legal">${shown}</nav>` : null;
}

/** It was looked at when it was saved; a row that something else wrote gets no link. */
function help(t: Translator, supportUrl: string | null): Html | null {
  if (supportUrl === null || !isSupportUrl(supportUrl)) return null;
  return html`<a class="reach" href="${supportUrl}">${t('common.help')}</a>`;
}

function initialOf(name: string): string {
  const [first = 'A'] = name.trim();
  return first.toUpperCase();
}

/** One picture for light pages and one for dark ones, which only the browser can tell apart. */
function logo({ logo: paths, appearance }: Look, name: string): Html | null {
  if (!paths) return null;
  const image = (src: string) => html`<img class="logo"${attributes({ src, alt: name })}>`;
  if (appearance !== 'system' || paths.light === paths.dark)
    return image(appearance === 'dark' ? paths.dark : paths.light);
  return html`<picture><source media="(prefers-color-scheme: dark)"${attributes({ srcset: paths.dark })}>${image(paths.light)}</picture>`;
}

/** The app's mark as an address that needs no request. The initial passes through two escapes: markup's, then URL's. */
function favicon({ palettes: { light, dark } }: Look, initial: string): string {
  const image = html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><style>rect{fill:${light.brand}}text{fill:${light['brand-text']};font:700 18px system-ui,sans-serif;text-anchor:middle}@media(prefers-color-scheme:dark){rect{fill:${dark.brand}}text{fill:${dark['brand-text']}}}</style><rect width="32" height="32" rx="8"/><text x="16" y="22.5">${initial}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(image.markup)}`;
}
