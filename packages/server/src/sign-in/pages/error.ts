import { type DeadEnd, type DeveloperNote, type Html, html } from '../../core/index.ts';
import { link, safeHref } from './components.ts';
import { type PageView, page } from './layout.ts';

/** The developer's note is printed in staging only, whatever the caller passes. */
export interface ErrorView extends PageView, Pick<DeadEnd, 'heading' | 'message' | 'advice' | 'restart' | 'developer'> {
  readonly requestId: string;
}

/** Every dead end: what happened, what to do, and the id by which the operator finds the rest in the log. */
export function errorPage(view: ErrorView): string {
  const restart = safeHref(view.restart?.url);
  return page({
    ...view,
    title: view.heading,
    context: html`<p>${view.message}</p>${view.advice && html`<p>${view.advice}</p>`}`,
    body: html`${restart && html`<a class="button" href="${restart}">${view.restart?.label}</a>`}<p class="trace"><span>Reference</span> <code dir="ltr">${view.requestId}</code><button class="text-button" type="button" data-copy="${view.requestId}" hidden>Copy</button></p>`,
    below: view.app.environmentKind === 'staging' && view.developer ? developerPanel(view.developer) : null,
  });
}

function developerPanel({ title, rows, fix }: DeveloperNote): Html {
  const fixLink = fix && link(fix.label, fix.href);
  return html`<section class="developer"><h2>${title}</h2><p class="aside">For developers. Only staging shows this.</p><dl>${rows.map(
    ({ label, value }) => html`<div><dt>${label}</dt><dd><code dir="ltr">${value}</code></dd></div>`,
  )}</dl>${fixLink && html`<p class="more">${fixLink}</p>`}</section>`;
}
