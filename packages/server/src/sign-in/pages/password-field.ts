import { type Html, html, type Printable, raw } from '../../core/index.ts';
import { type Say, say, type Translator } from '../../texts/index.ts';
import { type FieldView, field } from './components.ts';

interface PasswordView {
  readonly error?: Say;
  readonly autofocus?: boolean;
  readonly summarized?: boolean;
}

/**
 * Never filled in: a password goes one way. The button lies beside the input and not over it, where password managers
 * draw their own. Its words are text and not `aria-label`, so that "Password" names one control only.
 */
const passwordField = (t: Translator, { more, ...view }: Omit<FieldView, 'id' | 'label' | 'type' | 'inset'>): Html =>
  field(t, {
    ...view,
    id: 'password',
    label: 'password.label',
    type: 'password',
    inset: html`<button class="inset" type="button" data-reveal="password" aria-pressed="false" hidden><span>${t.html('password.show')}</span><span hidden>${t.html('password.hide')}</span></button>`,
    more: { autocapitalize: 'none', spellcheck: 'false', ...more },
  });

/** @param view.aside - beside the label */
export const currentPasswordField = (t: Translator, view: PasswordView & { readonly aside?: Printable }): Html =>
  passwordField(t, { ...view, autocomplete: 'current-password' });

/** Four bars that fill up while a password gets better. What they say stands below in words. */
const meter = raw('<div class="meter" data-level="0" aria-hidden="true" hidden><i></i><i></i><i></i><i></i></div>');

export interface NewPasswordView extends PasswordView {
  readonly minLength: number;
  /** Where a script asks what to say of it while it is typed; what is too short it says by itself, at once. */
  readonly adviceUrl?: string | null | undefined;
}

/** The rule stands below it, tells password managers how to make one, and makes room for what is said of this one. */
export function newPasswordField(t: Translator, { minLength, adviceUrl, ...view }: NewPasswordView): Html {
  return passwordField(t, {
    ...view,
    autocomplete: 'new-password',
    hint: say('password.rule', { count: minLength }),
    below: adviceUrl && meter,
    more: {
      minlength: minLength,
      passwordrules: `minlength: ${minLength}; allowed: ascii-printable;`,
      ...(adviceUrl && { 'data-advice': adviceUrl, 'data-short': t('password.tooShort', { count: minLength }) }),
    },
  });
}
