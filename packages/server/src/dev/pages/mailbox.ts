import { type Html, html } from '../../core/index.ts';
import { codeIn, type MailboxMessage } from '../../mail/index.ts';
import { copyButton, icons, page, when } from './layout.ts';

export interface MailboxView {
  /** Newest first. */
  readonly messages: readonly MailboxMessage[];
  /** How many of them the page shows at most. */
  readonly listed: number;
  readonly now: Date;
  readonly nonce: string;
  readonly csrf: string;
  readonly baseUrl: string;
}

export function mailboxPage(view: MailboxView): string {
  const { messages, listed } = view;
  const [newest] = messages;
  return page({
    title: 'Mailbox – AuthKit',
    nonce: view.nonce,
    // The script replaces what is in here when there is something new.
    main: html`<div id="live" data-newest="${newest?.id ?? ''}" data-announce="${newest && `New mail to ${newest.to}: ${newest.subject}`}"><header class="head"><div><h1>Mailbox</h1><p class="soft">What this development server would have mailed. Nothing leaves this machine. <a href="/dev/providers">Simulated providers</a></p></div>${
      newest && clearForm(view.csrf)
    }</header>${newest ? html`<ul class="card list">${messages.map((message) => row(message, view.now))}</ul>` : empty(view.baseUrl)}${
      messages.length >= listed && html`<p class="soft more">These are the newest ${listed}.</p>`
    }</div>`,
  });
}

const clearForm = (csrf: string): Html =>
  html`<form method="post" action="/dev/mailbox/clear"><input type="hidden" name="csrf" value="${csrf}"><button class="button" id="clear" type="submit">Clear</button></form>`;

function row(message: MailboxMessage, now: Date): Html {
  const code = codeIn(message.text);
  return html`<li class="row"><div class="what"><a class="subject" dir="auto" id="${message.id}" href="/dev/mailbox/${message.id}">${message.subject}</a><p class="meta"><span class="unseen">To </span><bdi dir="ltr">${message.to}</bdi><span aria-hidden="true"> · </span>${when(message.createdAt, now)}</p></div>${
    code && copyButton(code, 'chip', html`<span dir="ltr">${code}</span>`)
  }</li>`;
}

/** An empty state that teaches: what lands here, and how a test reads it. */
function empty(baseUrl: string): Html {
  const command = `curl -H "Authorization: Bearer $WORKOS_API_KEY" \\\n  "${baseUrl}/dev/mailbox/messages?to=ada@example.com"`;
  return html`<section class="card empty"><div class="tray">${icons.envelope}</div><h2>No mail yet</h2><p class="soft">Sign up in your app, and the mail with the six-digit code appears here by itself. A test reads it with the API key:</p><pre class="snippet" tabindex="0">${command}</pre></section>`;
}
