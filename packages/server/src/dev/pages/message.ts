import { html } from '../../core/index.ts';
import { codeIn, type MailboxMessage } from '../../mail/index.ts';
import { copyButton, icons, page, when } from './layout.ts';

export interface MessageView {
  readonly message: MailboxMessage;
  readonly now: Date;
  readonly nonce: string;
}

/**
 * One mail. Its HTML is shown in a frame of another origin that runs no script; a link in it opens in a new tab, outside
 * of the sandbox.
 */
export function messagePage({ message, now, nonce }: MessageView): string {
  const code = codeIn(message.text);
  const framed = `<base target="_blank">${message.html}`;
  return page({
    title: `${message.subject} – Mailbox`,
    nonce,
    main: html`<nav><a class="back" href="/dev/mailbox">${icons.back}Mailbox</a></nav><header class="head"><h1 dir="auto">${message.subject}</h1></header><dl class="facts"><dt>To</dt><dd><bdi dir="ltr">${message.to}</bdi></dd><dt>From</dt><dd><bdi dir="ltr">${message.from}</bdi></dd><dt>Sent</dt><dd>${when(message.createdAt, now)}</dd></dl>${
      code &&
      html`<section class="card code" aria-label="Code"><span class="digits" dir="ltr">${code}</span>${copyButton(code, 'button', 'Copy')}</section>`
    }<section><h2>As HTML</h2><iframe class="card" title="The mail as HTML" sandbox="allow-popups allow-popups-to-escape-sandbox" srcdoc="${framed}"></iframe></section><section><h2>As plain text</h2><pre class="card text" dir="auto" tabindex="0">${message.text}</pre></section>`,
  });
}
