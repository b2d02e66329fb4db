import { attributes, type Html, html, type Printable } from '../../core/index.ts';
import type { AuthenticationMethod, SocialProvider } from '../../protocol/index.ts';
import { marks } from '../../social/index.ts';
import type { Translator } from '../../texts/index.ts';
import { type FormView, form } from './components.ts';
import { lastUsedWords } from './other-ways.ts';

interface ProviderView {
  readonly provider: SocialProvider;
  readonly label: string;
}

/** Accounts elsewhere that sign people in here, in the order of their buttons. */
export interface SocialView extends FormView {
  readonly providers: readonly ProviderView[];
}

const formId = 'social';

/** More buttons than this stand in two columns, with the provider's name alone on them. */
const mostInOneColumn = 4;

/**
 * The buttons stand above the e-mail field and their form below it: the form that comes first is the one that Enter in
 * the field sends, and that password managers fill in.
 *
 * @param isFollowed - by another way in, from which the word "or" divides them
 */
export function socialButtons(
  t: Translator,
  view: SocialView | null | undefined,
  lastMethod: AuthenticationMethod | null = null,
  isFollowed = true,
): Html | null {
  if (!view || view.providers.length === 0) return null;
  const isCompact = view.providers.length > mostInOneColumn;
  const buttons = view.providers.map((provider) => buttonOf(t, provider, isCompact, lastMethod === provider.provider));
  return html`<div class="socials${isCompact && ' many'}">${buttons}</div>${isFollowed && html`<p class="or">${t('signIn.or')}</p>`}`;
}

/** Its name is the whole sentence, of which a narrow one draws the provider alone; a badge is a description. */
function buttonOf(t: Translator, { provider, label }: ProviderView, isCompact: boolean, isLastUsed: boolean): Html {
  const more = {
    form: formId,
    name: 'provider',
    value: provider,
    'aria-describedby': isLastUsed ? 'last-provider' : null,
  };
  const words = lastUsedWords(t);
  return html`<button class="button secondary" type="submit"${attributes(more)}>${marks[provider]}<span>${nameOf(t, label, isCompact)}</span>${
    isLastUsed && html`<span class="badge" aria-hidden="true">${words.badge}</span>`
  }</button>${isLastUsed && html`<span class="unseen" id="last-provider">${words.description}</span>`}`;
}

function nameOf(t: Translator, label: string, isCompact: boolean): Printable {
  const name = t('social.continueWith', { provider: label });
  if (!isCompact) return name;
  const at = name.indexOf(label);
  const unseen = (words: string) => words !== '' && html`<span class="unseen">${words}</span>`;
  return [unseen(name.slice(0, at)), label, unseen(name.slice(at + label.length))];
}

export const socialForm = (view: SocialView | null | undefined): Html | null =>
  view && view.providers.length > 0 ? form(view, null, undefined, { id: formId }) : null;
