import { familyOf, isSupportUrl, type Look, type Palette } from '../branding/index.ts';
import { type Html, html, type Printable, raw } from '../core/index.ts';
import type { Block, Content, Sender } from './letters/letter.ts';

/**
 * How our mails look: the hosted pages' tokens, in what mail programs understand. Colours are written at each element,
 * because some programs drop the style sheet; the sheet only turns them dark where it is read. Nothing is fetched: no
 * picture, no font, no tracker.
 */

/** A declaration for an attribute, whose quotes are the other ones. */
const family = (font: Look['font']): Html => raw(`font-family:${familyOf(font, "'")}`);

/** What dark programs read. Where the environment shows one mode only, that is what stands at the elements already. */
function sheetOf({ appearance, palettes: { dark } }: Look): Html {
  const phone = '@media (max-width: 480px)';
  const darkRules = `@media (prefers-color-scheme: dark) {
  .page { background: ${dark.page} !important; }
  .card { background: ${dark.surface} !important; border-color: ${dark.line} !important; }
  .text { color: ${dark.text} !important; }
  .soft { color: ${dark['text-soft']} !important; }
  .faint { color: ${dark['text-faint']} !important; }
  .mark, .button { background: ${dark.brand} !important; border-color: ${dark['brand-line']} !important; color: ${dark['brand-text']} !important; }
  .code { background: ${dark.sunken} !important; border-color: ${dark.line} !important; color: ${dark.text} !important; }
  .line { border-color: ${dark.line} !important; }
  .for-light { display: none !important; }
  .for-dark { display: block !important; }
}
${phone} and (prefers-color-scheme: dark) { .page { background: ${dark.surface} !important; } }`;
  const schemes = appearance === 'system' ? 'light dark' : appearance;
  return raw(`
:root { color-scheme: ${schemes}; supported-color-schemes: ${schemes}; }
${phone} { .page { background: ${first(appearance, { light: '#ffffff', dark: dark.surface })} !important; } .outer { padding: 0 !important; } .card { border: 0 !important; border-radius: 0 !important; } .inner { padding: 32px 24px !important; } }
${appearance === 'system' ? darkRules : ''}
`);
}

const first = <T>(appearance: Look['appearance'], { light, dark }: { light: T; dark: T }): T =>
  appearance === 'dark' ? dark : light;

/** The mail as markup. Start and end of a line follow the language; a code and an address never do. */
export function writeHtml(content: Content, sender: Sender): string {
  const { app, host, t, look } = sender;
  const { title, preview, body, small, boundCode } = content;
  const colors = first(look.appearance, look.palettes);
  const { radius } = look;
  const schemes = look.appearance === 'system' ? 'light dark' : look.appearance;
  const start = t.dir === 'rtl' ? 'right' : 'left';
  return html`<!doctype html>
<html lang="${t.locale}" dir="${t.dir}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="${schemes}"><meta name="supported-color-schemes" content="${schemes}"><title>${title}</title><style>${sheetOf(look)}</style></head>
<body class="page" style="margin:0;padding:0;background:${colors.page};-webkit-text-size-adjust:100%">
<div style="display:none;max-height:0;overflow:hidden">${preview}</div>
<table class="page" role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:${colors.page}"><tr><td class="outer" align="center" style="padding:32px 16px">
<table class="card" role="presentation" width="440" cellpadding="0" cellspacing="0" border="0" style="width:100%;max-width:440px;background:${colors.surface};border:1px solid ${colors.line};border-collapse:separate;border-radius:16px"><tr><td class="inner" align="${start}" dir="${t.dir}" style="padding:32px;text-align:${start};${family(look.font)}">
${logo(sender) ?? mark(app, colors, radius)}
<h1 class="text" style="margin:20px 0 8px;font-size:22px;font-weight:650;line-height:1.25;letter-spacing:-0.015em;color:${colors.text}">${title}</h1>
${body.map((block) => inHtml(sender, colors, block))}
<div class="line" style="margin-top:24px;border-top:1px solid ${colors.line};font-size:0;line-height:0">&nbsp;</div>
${small.map((text) => faint(colors, text))}${help(sender, colors)}${boundCode && faint(colors, html`<span dir="ltr">@${host} #${boundCode}</span>`)}
</td></tr></table>
</td></tr></table>
</body></html>
`.markup;
}

function mark(app: string, colors: Palette, radius: number): Html {
  return html`<div class="mark" aria-hidden="true" style="width:40px;height:40px;border-radius:${radius}px;background:${colors.brand};color:${colors['brand-text']};font-size:16px;font-weight:700;line-height:40px;text-align:center">${initialOf(app)}</div>`;
}

/** The operator's own picture, from our own server, the same for every reader: it tells nobody who opened the mail. */
function logo({ look, app, publicUrl }: Sender): Html | null {
  if (!look.logo) return null;
  const { light, dark } = look.logo;
  const image = (path: string, className: string, display: string) =>
    html`<img class="${className}" src="${publicUrl}${path}" alt="${app}" height="40" style="display:${display};height:40px;width:auto;max-width:100%;border:0">`;
  if (look.appearance !== 'system' || light === dark) return image(first(look.appearance, look.logo), 'logo', 'block');
  return html`${image(light, 'for-light', 'block')}${image(dark, 'for-dark', 'none')}`;
}

const faint = (colors: Palette, text: Printable): Html =>
  html`<p class="faint" style="margin:16px 0 0;font-size:13px;line-height:1.5;color:${colors['text-faint']}">${text}</p>`;

/** Where people get help, as on the pages. */
function help({ t, look: { supportUrl } }: Sender, colors: Palette): Html | null {
  if (supportUrl === null || !isSupportUrl(supportUrl)) return null;
  const style = `color:${colors['text-faint']};text-decoration:underline`;
  return faint(colors, html`<a class="faint" href="${supportUrl}" style="${style}">${t('common.help')}</a>`);
}

function inHtml({ t, look }: Sender, colors: Palette, block: Block): Html {
  switch (block.kind) {
    case 'paragraph':
      return paragraph(colors, t.html(block.key, { ...block.values, b: (text) => strong(colors, text) }));
    case 'code':
      return codeBox(colors, look.radius, block.code);
    case 'button':
      return button(colors, look.radius, t(block.label), block.url);
  }
}

const paragraph = (colors: Palette, text: Printable): Html =>
  html`<p class="soft" style="margin:0 0 12px;font-size:15px;line-height:1.5;color:${colors['text-soft']}">${text}</p>`;

const strong = (colors: Palette, text: Printable): Html =>
  html`<b class="text" style="font-weight:600;color:${colors.text}">${text}</b>`;

const codeBox = (colors: Palette, radius: number, code: string): Html =>
  html`<div class="code" dir="ltr" style="margin:24px 0;padding:16px 8px;background:${colors.sunken};border:1px solid ${colors.line};border-radius:${radius}px;${family('mono')};font-size:32px;font-weight:600;line-height:40px;letter-spacing:0.2em;text-indent:0.2em;text-align:center;color:${colors.text}">${code}</div>`;

/** @throws {TypeError} when the address is not http(s): whoever chose it must not choose what a click runs */
function button(colors: Palette, radius: number, label: string, url: string): Html {
  if (!/^https?:\/\/[^/\\]/i.test(url)) throw new TypeError('A mail links to http(s) only.');
  return html`<p style="margin:24px 0 12px"><a class="button" href="${url}" style="display:block;padding:10px 16px;border:1px solid ${colors['brand-line']};border-radius:${radius}px;background:${colors.brand};color:${colors['brand-text']};font-size:16px;font-weight:600;line-height:24px;text-align:center;text-decoration:none">${label}</a></p>`;
}

function initialOf(name: string): string {
  const [first = 'A'] = name;
  return first.toUpperCase();
}
