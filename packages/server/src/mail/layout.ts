import { type Html, html, type Printable, raw } from '../core/index.ts';
import type { Translator } from '../texts/index.ts';
import type { Block, Content, Sender } from './letters/letter.ts';

/**
 * How our mails look: the hosted pages' tokens, in what mail programs understand. Colours are written at each element,
 * because some programs drop the style sheet; the sheet only turns them dark where it is read. Nothing is fetched: no
 * picture, no font, no tracker.
 */
const font = "Inter,ui-sans-serif,system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";
const mono = 'ui-monospace,SFMono-Regular,Menlo,Consolas,monospace';

const sheet = raw(`
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (max-width: 480px) { .page { background: #ffffff !important; } .outer { padding: 0 !important; } .card { border: 0 !important; border-radius: 0 !important; } .inner { padding: 32px 24px !important; } }
@media (prefers-color-scheme: dark) {
  .page { background: #0c0d10 !important; }
  .card { background: #141519 !important; border-color: #26282f !important; }
  .text { color: #eceef2 !important; }
  .soft { color: #a0a6b3 !important; }
  .faint { color: #8b92a0 !important; }
  .mark, .button { background: #8ea0ff !important; color: #0b1020 !important; }
  .code { background: #0c0d10 !important; border-color: #26282f !important; color: #eceef2 !important; }
  .line { border-color: #26282f !important; }
}
@media (max-width: 480px) and (prefers-color-scheme: dark) { .page { background: #141519 !important; } }
`);

/** The mail as markup. Start and end of a line follow the language; a code and an address never do. */
export function writeHtml(content: Content, { app, host, t }: Sender): string {
  const { title, preview, body, small, boundCode } = content;
  const start = t.dir === 'rtl' ? 'right' : 'left';
  return html`<!doctype html>
<html lang="${t.locale}" dir="${t.dir}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>${title}</title><style>${sheet}</style></head>
<body class="page" style="margin:0;padding:0;background:#f6f7f9;-webkit-text-size-adjust:100%">
<div style="display:none;max-height:0;overflow:hidden">${preview}</div>
<table class="page" role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#f6f7f9"><tr><td class="outer" align="center" style="padding:32px 16px">
<table class="card" role="presentation" width="440" cellpadding="0" cellspacing="0" border="0" style="width:100%;max-width:440px;background:#ffffff;border:1px solid #e4e6eb;border-collapse:separate;border-radius:16px"><tr><td class="inner" align="${start}" dir="${t.dir}" style="padding:32px;text-align:${start};${raw(`font-family:${font}`)}">
<div class="mark" aria-hidden="true" style="width:40px;height:40px;border-radius:10px;background:#3d5afe;color:#ffffff;font-size:16px;font-weight:700;line-height:40px;text-align:center">${initialOf(app)}</div>
<h1 class="text" style="margin:20px 0 8px;font-size:22px;font-weight:650;line-height:1.25;letter-spacing:-0.015em;color:#16181d">${title}</h1>
${body.map((block) => inHtml(t, block))}
<div class="line" style="margin-top:24px;border-top:1px solid #e4e6eb;font-size:0;line-height:0">&nbsp;</div>
${small.map((text) => faint(text))}${boundCode && faint(html`<span dir="ltr">@${host} #${boundCode}</span>`)}
</td></tr></table>
</td></tr></table>
</body></html>
`.markup;
}

const faint = (text: Printable): Html =>
  html`<p class="faint" style="margin:16px 0 0;font-size:13px;line-height:1.5;color:#666d7b">${text}</p>`;

function inHtml(t: Translator, block: Block): Html {
  switch (block.kind) {
    case 'paragraph':
      return paragraph(t.html(block.key, { ...block.values, b: strong }));
    case 'code':
      return codeBox(block.code);
    case 'button':
      return button(t(block.label), block.url);
  }
}

const paragraph = (text: Printable): Html =>
  html`<p class="soft" style="margin:0;font-size:15px;line-height:1.5;color:#5b616e">${text}</p>`;

const strong = (text: Printable): Html => html`<b class="text" style="font-weight:600;color:#16181d">${text}</b>`;

const codeBox = (code: string): Html =>
  html`<div class="code" dir="ltr" style="margin:24px 0;padding:16px 8px;background:#f6f7f9;border:1px solid #e4e6eb;border-radius:10px;${raw(`font-family:${mono}`)};font-size:32px;font-weight:600;line-height:40px;letter-spacing:0.2em;text-indent:0.2em;text-align:center;color:#16181d">${code}</div>`;

/** @throws {TypeError} when the address is not http(s): whoever chose it must not choose what a click runs */
function button(label: string, url: string): Html {
  if (!/^https?:\/\/[^/\\]/i.test(url)) throw new TypeError('A mail links to http(s) only.');
  return html`<p style="margin:24px 0 0"><a class="button" href="${url}" style="display:block;padding:10px 16px;border-radius:10px;background:#3d5afe;color:#ffffff;font-size:16px;font-weight:600;line-height:24px;text-align:center;text-decoration:none">${label}</a></p>`;
}

function initialOf(name: string): string {
  const [first = 'A'] = name;
  return first.toUpperCase();
}
