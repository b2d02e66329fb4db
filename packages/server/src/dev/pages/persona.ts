import { type Html, html } from '../../core/index.ts';
import type { Cast, Choice } from '../providers/persona.ts';
import { page } from './layout.ts';

export interface PersonaView extends Pick<Cast, 'first' | 'others'> {
  readonly nonce: string;
  /** The provider's name. */
  readonly label: string;
  /** The request's own address: what was asked stays in it. */
  readonly action: string;
  readonly scopes: readonly string[];
  readonly email: string;
  readonly problem: string | undefined;
}

/** Who comes back from a simulated provider: an address anybody may type, and a button for each way it can end. */
export function personaPage({ nonce, label, action, scopes, email, problem, first, others }: PersonaView): string {
  return page({
    title: `${label} (simulated)`,
    nonce,
    main: html`<div class="persona"><header class="head"><div><h1>${label} <span class="tag">simulated</span></h1><p class="soft">On a development server this page stands in for ${label}. Type any address, then choose who comes back to the app: no password is asked for, and nothing leaves this machine.</p></div></header><form class="card ask" method="post" action="${action}" novalidate>${
      problem !== undefined && html`<p class="problem" role="alert">${problem}</p>`
    }<label for="email">Email</label><input id="email" name="email" type="email" value="${email}" autocomplete="off" autocapitalize="none" spellcheck="false" dir="ltr"><button class="button primary" type="submit" name="persona" value="${first.choice}">${first.label}</button><p class="or">or somebody else, or something that goes wrong</p><ul class="choices">${others.map(
      choiceOf,
    )}</ul></form>${scopes.length > 0 && html`<p class="soft more">Asked for: <code dir="ltr">${scopes.join(' ')}</code></p>`}<p class="soft more"><a href="/dev/providers">All simulated providers</a></p></div>`,
  });
}

const choiceOf = ({ choice, label, hint }: Choice): Html =>
  html`<li><button class="button" type="submit" name="persona" value="${choice}" aria-describedby="${choice}-hint">${label}</button><p class="soft" id="${choice}-hint">${hint}</p></li>`;

export interface FormPostView {
  readonly nonce: string;
  readonly action: string;
  readonly values: Readonly<Record<string, string>>;
}

/** An answer as a form that posts itself (OAuth 2.0 Form Post Response Mode); without script somebody has to help. */
export function formPostPage({ nonce, action, values }: FormPostView): string {
  return page({
    title: 'Going back',
    nonce,
    main: html`<div class="persona"><header class="head"><h1>Going back</h1></header><form class="card ask" method="post" action="${action}" data-post-at-once>${Object.entries(
      values,
    ).map(
      ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
    )}<button class="button primary" type="submit">Continue</button></form></div>`,
  });
}
