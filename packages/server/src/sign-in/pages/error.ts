import { type Html, html } from '../../core/index.ts';
import { type LinkView, link, safeHref } from './components.ts';
import { type PageView, page } from './layout.ts';

export interface DeveloperPanel {
  readonly title: string;
  /** `{ label: 'Presented', value: 'http://…' }`; values are shown as code. */
  readonly rows: readonly { readonly label: string; readonly value: string }[];
  /** Where it can be put right, in the dashboard. */
  readonly fix?: LinkView | null;
}

export interface ErrorView extends PageView {
  /** What happened, in a few words. */
  readonly heading: string;
  /** What happened, in a sentence. */
  readonly message: string;
  /** What to do. */
  readonly advice?: string | null;
  readonly requestId: string;
  /** Where the flow can begin anew. Only ever an address the app registered, never one that came with the request. */
  readonly restartUrl?: string | null;
  /** What the developer needs to see. Printed in staging only, whatever the caller passes. */
  readonly developer?: DeveloperPanel | null;
}

/** Every dead end: what happened, what to do, and the id by which the operator finds the rest in the log. */
export function errorPage(view: ErrorView): string {
  const restart = safeHref(view.restartUrl);
  return page({
    ...view,
    title: view.heading,
    context: html`<p>${view.message}</p>${view.advice && html`<p>${view.advice}</p>`}`,
    body: html`${restart && html`<a class="button" href="${restart}">Start again</a>`}<p class="trace"><span>Reference</span> <code dir="ltr">${view.requestId}</code><button class="text-button" type="button" data-copy="${view.requestId}" hidden>Copy</button></p>`,
    below: view.app.environmentKind === 'staging' && view.developer ? developerPanel(view.developer) : null,
  });
}

function developerPanel({ title, rows, fix }: DeveloperPanel): Html {
  const fixLink = fix && link(fix.label, fix.href);
  return html`<section class="developer"><h2>${title}</h2><p class="aside">For developers. Only staging shows this.</p><dl>${rows.map(
    ({ label, value }) => html`<div><dt>${label}</dt><dd><code dir="ltr">${value}</code></dd></div>`,
  )}</dl>${fixLink && html`<p class="more">${fixLink}</p>`}</section>`;
}
