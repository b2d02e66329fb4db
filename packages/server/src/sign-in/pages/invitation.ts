import { type Html, html } from '../../core/index.ts';
import { type FormView, form, ltr, submitButton } from './components.ts';
import { type PageView, page } from './layout.ts';
import { secondaryButton } from './other-ways.ts';

export interface InviteView extends PageView {
  readonly form: FormView & { readonly token: string };
  readonly email: string;
  /** Null: to the application alone. */
  readonly organizationName: string | null;
  readonly inviterName: string | null;
}

/** What the mailed link opens. Looking at it accepts nothing: mail scanners open every link. */
export function invitePage(view: InviteView): string {
  const { app, t, email, organizationName, inviterName } = view;
  const where = organizationName ?? app.name;
  const key = inviterName === null ? 'organizations.inviteContext' : 'organizations.inviteContextBy';
  return page({
    ...view,
    title: t('organizations.inviteTitle'),
    heading: t('organizations.inviteHeading', { where }),
    context: t.html(key, { where, app: app.name, inviter: inviterName ?? '' }),
    body: html`<p class="prose apart">${t.html('organizations.inviteFor', { email: ltr(email) })}</p>${form(view.form, [
      html`<input type="hidden" name="invitation_token" value="${view.form.token}">`,
      submitButton(t('organizations.acceptInvitation')),
    ])}`,
  });
}

export interface AcceptInvitationView extends PageView, FormView {
  /** Who is signed in, and may join. */
  readonly email: string;
  readonly where: string;
}

/** Somebody is signed in and has followed a link with an invitation: a click, and not the link, makes them a member. */
export function acceptInvitationPage(view: AcceptInvitationView): string {
  const { t, where } = view;
  return questionPage(view, {
    title: t('organizations.inviteTitle'),
    context: t.html('organizations.inviteContext', { where }),
    accept: t('organizations.acceptInvitation'),
    decline: t('organizations.without'),
  });
}

/** The same where an app asks for an organization that has proved the domain of their address. */
export function joinPage(view: AcceptInvitationView): string {
  const { t, where, email } = view;
  const join = t('organizations.inviteHeading', { where });
  const domain = ltr(email.slice(email.lastIndexOf('@') + 1));
  return questionPage(view, {
    title: join,
    context: t.html('organizations.joinContext', { where, domain }),
    accept: t('organizations.join'),
    decline: t('passkeys.notNow'),
  });
}

function questionPage(
  view: AcceptInvitationView,
  {
    title,
    context,
    accept,
    decline,
  }: Readonly<Record<'title' | 'accept' | 'decline', string>> & { readonly context: Html },
): string {
  const { t, email, where } = view;
  return page({
    ...view,
    title,
    heading: t('organizations.inviteHeading', { where }),
    context,
    body: html`<p class="prose apart">${t.html('organizations.signedInAs', { email: ltr(email) })}</p>${form(view, [
      html`<input type="hidden" name="choice" value="accept">`,
      submitButton(accept),
    ])}${form(view, secondaryButton(decline, { name: 'choice', value: 'without' }), 'choices')}`,
  });
}

export interface InvitationRefusedView extends PageView, FormView {
  /** Whom it was sent to; null when it does not work for anybody any more. */
  readonly invited: string | null;
  /** Who is signed in. */
  readonly email: string;
  readonly where: string;
}

/** Somebody is signed in, and the invitation they came with is not for them. */
export function invitationRefusedPage(view: InvitationRefusedView): string {
  const { t, invited, email, where } = view;
  const isForAnother = invited !== null;
  return page({
    ...view,
    title: t('organizations.refusedTitle'),
    heading: t(isForAnother ? 'organizations.refusedHeading' : 'organizations.overHeading'),
    context: isForAnother
      ? t.html('organizations.refusedContext', { where, invited: ltr(invited), email: ltr(email) })
      : t('organizations.overWhy'),
    body: html`${form(view, [
      html`<input type="hidden" name="choice" value="${isForAnother ? 'other_account' : 'without'}">`,
      submitButton(t(isForAnother ? 'organizations.otherAccount' : 'organizations.without')),
    ])}${
      isForAnother &&
      form(view, secondaryButton(t('organizations.without'), { name: 'choice', value: 'without' }), 'choices')
    }`,
  });
}
