import { type Html, html } from '../../core/index.ts';
import { type FormView, form, goodNote, ltr, type PageView, page, submitButton } from '../../sign-in/index.ts';
import type { Say, Translator } from '../../texts/index.ts';
import { act, actButton, badge, endingAct, group, row, rows } from './rows.ts';

export interface OverviewView extends PageView {
  readonly done: Say | null;
  readonly name: string | null;
  readonly email: string;
  readonly isEmailVerified: boolean;
  readonly password: { readonly since: Date } | null;
  /** Null where nobody may sign in with one. */
  readonly passkeys: readonly PasskeyItem[] | null;
  readonly secondStep: SecondStepItem | null;
  /** Null where there are none to connect. */
  readonly connected: readonly ConnectedItem[] | null;
  readonly devices: readonly DeviceItem[];
  readonly urls: {
    readonly profile: string;
    readonly email: string;
    readonly password: string | null;
    readonly addPasskey: string;
    readonly setUpSecondStep: string;
    readonly turnOffSecondStep: string;
    readonly recoveryCodes: string;
  };
  readonly signOut: FormView;
  readonly signOutDevice: FormView;
  readonly signOutOthers: FormView;
}

export interface PasskeyItem {
  readonly name: string;
  readonly addedAt: Date;
  readonly usedAt: Date | null;
  readonly renameUrl: string;
  readonly removeUrl: string;
}

interface SecondStepItem {
  /** Null while it is off. */
  readonly since: Date | null;
  readonly isRequired: boolean;
  readonly recoveryCodesLeft: number;
}

interface ConnectedItem {
  readonly label: string;
  readonly email: string | null;
  readonly disconnectUrl: string;
}

interface DeviceItem {
  readonly id: string;
  /** Null when it does not say. */
  readonly name: string | null;
  readonly ipAddress: string | null;
  readonly since: Date;
  readonly isThis: boolean;
  readonly isSupport: boolean;
}

/** Everything a person can see and change of their account, each with a page of its own for what needs thought. */
export function overviewPage(view: OverviewView): string {
  const { t, app } = view;
  return page({
    ...view,
    settings: true,
    title: t('account.title'),
    context: html`<div class="head"><p>${t.html('account.context', { app: app.name, email: ltr(view.email) })}</p>${actButton(view.signOut, t('account.signOut'))}</div>`,
    body: html`${goodNote(t, view.done)}${profile(view)}${waysIn(view)}${passkeys(view)}${secondStep(view)}${connected(view)}${devices(view)}`,
  });
}

function profile({ t, name, email, isEmailVerified, urls }: OverviewView) {
  return group(
    t('account.profile'),
    null,
    rows([
      row(t('account.name'), [name ?? t('account.noName')], [act(t('account.edit'), urls.profile)]),
      row(
        t('common.email'),
        [plain(email), isEmailVerified ? null : t('account.emailUnproved')],
        [act(t.html('common.changeEmail'), urls.email)],
      ),
    ]),
  );
}

function waysIn({ t, password, urls }: OverviewView) {
  if (urls.password === null) return null;
  const about = password ? t('account.passwordSince', { date: day(t, password.since) }) : t('account.noPassword');
  const label = t(password ? 'account.changePassword' : 'account.setPassword');
  return group(t('account.waysIn'), null, rows([row(t('password.label'), [about], [act(label, urls.password)])]));
}

function passkeys({ t, passkeys: list, urls }: OverviewView) {
  if (list === null) return null;
  const items = list.map(({ name, addedAt, usedAt, renameUrl, removeUrl }) =>
    row(
      name,
      [
        t('account.passkeyAddedOn', { date: day(t, addedAt) }),
        usedAt && t('account.passkeyUsedOn', { date: day(t, usedAt) }),
      ],
      [act(t.html('account.rename', { name }), renameUrl), endingAct(t.html('account.remove', { name }), removeUrl)],
    ),
  );
  return group(
    t('account.passkeys'),
    t('account.passkeysAbout'),
    rows([
      ...items,
      row(list.length === 0 && t('account.noPasskeys'), [], [act(t('account.addPasskey'), urls.addPasskey)]),
    ]),
  );
}

function secondStep({ t, app, secondStep: state, urls }: OverviewView) {
  if (state === null) return null;
  const { since, isRequired, recoveryCodesLeft } = state;
  const about = since ? t('account.secondStepOn', { date: day(t, since) }) : t('account.secondStepOff');
  const turnOff = since && !isRequired && endingAct(t('account.secondStepTurnOff'), urls.turnOffSecondStep);
  return group(
    t('account.secondStep'),
    t('account.secondStepAbout'),
    rows([
      row(
        about,
        [isRequired && t('account.secondStepRequired', { app: app.name })],
        [since ? turnOff : act(t('account.secondStepSetUp'), urls.setUpSecondStep)],
      ),
      since &&
        row(
          t('account.recoveryCodes'),
          [t('account.recoveryCodesLeft', { count: recoveryCodesLeft })],
          [act(t('account.recoveryCodesNew'), urls.recoveryCodes)],
        ),
    ]),
  );
}

function connected({ t, connected: list }: OverviewView) {
  if (list === null) return null;
  const items = list.map(({ label, email, disconnectUrl }) =>
    row(label, [email && plain(email)], [endingAct(t.html('account.disconnect', { name: label }), disconnectUrl)]),
  );
  const about = list.length === 0 ? t('account.noneConnected') : t('account.connectedAbout');
  return group(t('account.connected'), about, list.length === 0 ? null : rows(items));
}

function devices({ t, devices: list, signOutDevice, signOutOthers }: OverviewView) {
  const items = list.map((device) => {
    const name = device.name ?? t('account.unknownDevice');
    const place = [
      t('account.signedInSince', { date: t.dateTime(device.since) }),
      device.ipAddress && plain(device.ipAddress),
    ];
    return row(
      html`${name}${device.isThis && badge(t('account.thisBrowser'))}`,
      [device.isSupport && t('account.supportAccess'), ...place],
      device.isThis
        ? []
        : [
            actButton(signOutDevice, t.html('account.signOutDevice', { name }), {
              name: 'device',
              value: device.id,
              ends: true,
            }),
          ],
    );
  });
  return group(
    t('account.devices'),
    t('account.devicesAbout'),
    html`${rows(items)}${list.length > 1 && form(signOutOthers, submitButton(t('account.signOutOthers'), { isDanger: true }))}`,
  );
}

/** An address among the facts of a row, left-to-right in any language. */
const plain = (text: string): Html => html`<bdi dir="ltr">${text}</bdi>`;

const day = (t: Translator, at: Date): string => t.date(at);
