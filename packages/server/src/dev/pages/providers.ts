import { type Html, html } from '../../core/index.ts';
import type { Cast } from '../providers/persona.ts';
import { icons, page } from './layout.ts';

/** How one provider stands here. */
export interface ProviderRow {
  readonly label: string;
  readonly mark: Html;
  /** What an app names it by: `GoogleOAuth`. */
  readonly provider: string;
  /** `own`: the environment's credentials lead to the real one. */
  readonly state: 'on' | 'off' | 'own';
}

export interface ProvidersView {
  readonly nonce: string;
  readonly environmentName: string;
  readonly providers: readonly ProviderRow[];
  /** Who can come back from any of those. */
  readonly people: Cast;
  /** Who can come back from the identity provider of an organization. */
  readonly employees: Cast;
}

/** Where somebody learns what stands in for other people's servers, and how to try it. */
export function providersPage({ nonce, environmentName, providers, people, employees }: ProvidersView): string {
  return page({
    title: 'Simulated providers – AuthKit',
    nonce,
    main: html`<nav><a class="back" href="/dev/mailbox">${icons.back}Mailbox</a></nav><header class="head"><div><h1>Simulated providers</h1><p class="soft">On a development server these stand in for the providers’ own sign-in pages, until you enter credentials of theirs. Nothing leaves this machine. Begin a sign-in in your app, choose a provider, and its page asks who comes back.</p></div></header><section><h2>Social providers in ${environmentName}</h2><ul class="card list">${providers.map(
      row,
    )}</ul><p class="soft more"><a href="/dashboard/authentication/providers">Switch them on and off in the dashboard</a></p></section>${castSection(
      'Who can come back from them',
      people,
    )}${castSection(
      'Who can come back from an organization’s identity provider',
      employees,
      html`<p class="soft">Each organization’s connection has one of its own, for OpenID Connect and for SAML. Connect it on the organization’s page in the dashboard, under Single sign-on.</p>`,
    )}`,
  });
}

const stateWords = { on: 'on', off: 'off', own: 'the real one' } as const;

const row = ({ label, mark, provider, state }: ProviderRow): Html =>
  html`<li class="row"><span class="logo">${mark}</span><div class="what"><b>${label}</b><code class="meta" dir="ltr">provider=${provider}</code></div><span class="tag" data-state="${state}">${stateWords[state]}</span></li>`;

function castSection(heading: string, { first, others }: Cast, about?: Html): Html {
  return html`<section><h2>${heading}</h2>${about}<dl class="card cast">${[first, ...others].map(
    ({ label, hint }) => html`<div><dt>${label}</dt><dd class="soft">${hint}</dd></div>`,
  )}</dl></section>`;
}
