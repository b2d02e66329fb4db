import { type Html, html } from '../../core/index.ts';
import type { DeadEnd, DeveloperNote } from '../../texts/index.ts';
import { link, safeHref } from './components.ts';
import { type PageView, page } from './layout.ts';

/** The developer's note is printed in staging only, whatever the caller passes. */
export interface ErrorView extends PageView, Pick<DeadEnd, 'heading' | 'message' | 'advice' | 'restart' | 'developer'> {
  readonly requestId: string;
}

/** Every dead end: what happened, what to do, and the id by which the operator finds the rest in the log. */
export function errorPage(view: ErrorView): string {
  const { t, app, restart, advice, developer, requestId } = view;
  const restartHref = safeHref(restart?.url);
  const heading = t.say(view.heading);
  return page({
    ...view,
    title: heading,
    heading,
    context: html`<p>${t.say(view.message)}</p>${advice && html`<p>${t.say(advice)}</p>`}`,
    body: html`${restart && restartHref && html`<a class="button" href="${restartHref}">${t.say(restart.label)}</a>`}<p class="trace"><span>${t('errors.reference')}</span> <code dir="ltr">${requestId}</code><button class="text-button" type="button" data-copy="${requestId}" data-copied="${t('common.copied')}" hidden>${t('common.copy')}</button></p>`,
    below: app.environmentKind === 'staging' && developer ? developerPanel(developer) : null,
  });
}

function developerPanel({ title, rows, fix }: DeveloperNote): Html {
  const fixLink = fix && link(fix.label, fix.href);
  return html`<section class="developer" lang="en" dir="ltr"><h2>${title}</h2><p class="aside">For developers. Only staging shows this.</p><dl>${rows.map(
    ({ label, value }) => html`<div><dt>${label}</dt><dd><code dir="ltr">${value}</code></dd></div>`,
  )}</dl>${fixLink && html`<p class="more">${fixLink}</p>`}</section>`;
}
