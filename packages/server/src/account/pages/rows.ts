import { attributes, type Html, html, type Printable } from '../../core/index.ts';
import { type FormView, form, link, safeHref } from '../../sign-in/index.ts';

/** A part of the page, with its heading. */
export function group(heading: string, about: Printable, rows: Printable): Html {
  return html`<section class="group"><h2>${heading}</h2>${about && html`<p>${about}</p>`}${rows}</section>`;
}

export const rows = (items: readonly Printable[]): Html =>
  html`<ul class="items">${items.map((item) => item && html`<li>${item}</li>`)}</ul>`;

/** One thing that is set, what there is to know of it, and what can be done. Nothing said leaves only what can be done. */
export function row(what: Printable, about: readonly Printable[], acts: readonly Printable[] = []): Html {
  return html`<div class="what">${what && html`<b>${what}</b>`}${about.map((line) => line && html`<span>${line}</span>`)}</div><div class="acts">${acts}</div>`;
}

export const badge = (text: string): Html => html`<span class="badge">${text}</span>`;

export const act = (label: Printable, href: string): Html | null => link(label, href);

/** To the page that ends something: as quiet as the facts beside it, because nobody comes here for that. */
export const endingAct = (label: Printable, href: string): Html =>
  html`<a class="reach ends" href="${safeHref(href)}">${label}</a>`;

/** A button that does its thing at once. */
export function actButton(
  view: FormView,
  label: Printable,
  more: { readonly name?: string; readonly value?: string; readonly ends?: boolean } = {},
): Html {
  const { ends, ...given } = more;
  const button = attributes({ type: 'submit', class: ends ? 'text-button ends' : 'text-button', ...given });
  return form(view, html`<button${button}>${label}</button>`);
}
