/** Branding and Social providers as an owner meets them, and what people then meet on the hosted pages. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { crc32, deflateSync } from 'node:zlib';
import type { BrowserContext, Page } from 'playwright-core';
import { otherEnvironment } from '../../../packages/server/test/flows/steps.ts';
import { becomeOwner, examine, openStage, type Stage, signIn } from './stage.ts';

let stage: Stage;
let context: BrowserContext;
let page: Page;

before(async () => {
  stage = await openStage();
  context = await stage.newContext({ reducedMotion: 'reduce' });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: stage.server.url });
  page = await context.newPage();
  await becomeOwner(page, stage.server);
});

after(async () => {
  await stage?.[Symbol.asyncDispose]();
});

afterEach(() => assert.deepEqual(stage.complaints.splice(0), []));

const visit = (path: string) => page.goto(`${stage.server.url}/dashboard${path}`);
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
const dialog = (name: string) => page.getByRole('dialog', { name }).or(page.getByRole('alertdialog', { name }));
const row = (name: string) => page.getByRole('table', { name: 'Providers' }).getByRole('row', { name });

/** What somebody without a session sees at the app's sign-in. */
async function signInPage(): Promise<{ readonly stranger: Page; readonly close: () => Promise<void> }> {
  const other = await stage.newContext();
  const stranger = await other.newPage();
  await stranger.goto(stage.server.authorizeUrl());
  await stranger.getByLabel('Email').waitFor();
  return { stranger, close: () => other.close() };
}

/** A picture of one colour, as a drawing program saves it. */
function png(width: number, height: number): Buffer {
  const line = Buffer.concat([Buffer.of(0), Buffer.alloc(width * 3, 0x40)]);
  const size = Buffer.alloc(13);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  size.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', size),
    chunk('IDAT', deflateSync(Buffer.concat(Array.from({ length: height }, () => line)))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

const pick = async (label: string, option: string) => {
  await page.getByLabel(label, { exact: true }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
};

/** The page that a link opens beside this one. */
const follow = async (link: RegExp) => {
  const opened = context.waitForEvent('page');
  await page.getByRole('link', { name: link }).click();
  return opened;
};

describe('Branding', () => {
  it('refuses what is no picture, in words', async () => {
    await visit('/branding');
    const logo = page.getByLabel('Upload Logo', { exact: true });
    await logo.setInputFiles({ name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg/>') });
    await page.getByText('Upload a PNG, JPEG or WebP image.').waitFor();
    await logo.setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: Buffer.alloc(2_000_000) });
    await page.getByText('An image has at most 256 KiB.').waitFor();
    await logo.setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: png(4000, 4) });
    await page.getByText('An image measures at most 2048 by 2048 pixels.').waitFor();
  });

  it('saves a draft that people do not see yet, with each colour measured', async () => {
    await page
      .getByLabel('Upload Logo', { exact: true })
      .setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: png(120, 30) });
    await page.getByRole('img', { name: 'Logo', exact: true }).waitFor();
    await page.getByLabel('Corners').fill('3');
    await page.getByRole('radio', { name: 'Slab serif', exact: true }).check();
    await pick('Card', 'At the end');
    await page.getByLabel('Button, light', { exact: true }).fill('#ffd4');
    await button('Save draft').click();
    await page.getByText('Write a colour as #rrggbb.').waitFor();
    assert.equal(await page.evaluate('document.activeElement.value'), '#ffd4');

    await page.getByLabel('Button, light', { exact: true }).fill('#FFD400');
    await page.getByLabel('Text on button, light', { exact: true }).fill('#ffffff');
    await page.getByText('Contrast is measured when the draft is saved.').first().waitFor();
    await page.getByLabel('Title of the sign-in page', { exact: true }).fill('Welcome to {nobody}');
    await button('Save draft').click();
    await page.getByText('Title of the sign-in page: It has no placeholders.').waitFor();
    await page.getByLabel('Title of the sign-in page', { exact: true }).fill('Come in');
    await button('Save draft').click();
    await page.getByText('Draft saved').waitFor();
    const textColor = page.getByRole('group', { name: 'Light' }).getByText(/Contrast 1\.43:1, 4\.5:1 needed/);
    assert.match(await textColor.innerText(), /Shown as\s*#000000\s*with 14\.66:1/);
    await page.getByText('Draft not published').waitFor();

    const { stranger, close } = await signInPage();
    assert.equal(await stranger.getByRole('heading', { level: 1 }).innerText(), 'Sign in');
    await close();
  });

  it('shows the draft in a preview in its own tab', async () => {
    const opened = context.waitForEvent('page');
    await page.getByRole('link', { name: /^Open preview/ }).click();
    const preview = await opened;
    await preview.getByRole('heading', { name: 'Come in', level: 1 }).waitFor();
    await preview.close();
  });

  it('shows a page of the account on a phone', async () => {
    await pick('Page or mail', 'Rename passkey');
    await pick('Width', 'Phone');
    const preview = await follow(/^Open preview/);
    await preview.getByRole('heading', { level: 1 }).waitFor();
    assert.equal(await preview.evaluate('innerWidth'), 390);
    assert.equal(await preview.evaluate('opener'), null);
    await preview.close();
    await pick('Width', 'Whole window');
  });

  it('shows a mail with the draft’s logo, in another language, dark, and as text', async () => {
    await pick('Page or mail', 'Invitation');
    await pick('Shown in', 'Deutsch');
    await pick('Device', 'Dark');
    const mail = await follow(/^Open preview/);
    await mail.getByRole('heading', { level: 1 }).waitFor();
    const [lang, scheme, width] = (await mail.evaluate(`(() => {
      const logo = document.querySelector('img.logo');
      const scheme = document.querySelector('meta[name=color-scheme]').content;
      return logo.decode().then(() => [document.documentElement.lang, scheme, logo.naturalWidth]);
    })()`)) as unknown[];
    assert.deepEqual([lang, scheme, width], ['de', 'dark', 120]);
    await mail.close();
    const text = await follow(/^Plain text/);
    await text.getByText(/^Subject: /).waitFor();
    await text.close();
  });

  it('is on the hosted sign-in page once published, and gone once reverted', async () => {
    await button('Publish').click();
    await page.getByText('Published', { exact: true }).first().waitFor();
    assert.equal(await button('Publish').isDisabled(), true);

    const { stranger, close } = await signInPage();
    assert.equal(await stranger.getByRole('heading', { level: 1 }).innerText(), 'Come in');
    const logo = stranger.locator('img.logo');
    await logo.waitFor();
    assert.equal(await stranger.evaluate(`document.querySelector('img.logo').naturalWidth`), 120);
    const look = await stranger.evaluate(`(() => {
      const { backgroundColor, color, borderRadius, fontFamily } = getComputedStyle(document.querySelector('form .button'));
      return [backgroundColor, color, borderRadius, fontFamily.split(',')[0],
        getComputedStyle(document.querySelector('main')).alignItems];
    })()`);
    assert.deepEqual(look, ['rgb(255, 212, 0)', 'rgb(0, 0, 0)', '3px', 'Rockwell', 'flex-end']);
    await close();

    await button('Revert').click();
    await page.getByText('The look before the last publication is back').waitFor();
    const again = await signInPage();
    assert.equal(await again.stranger.getByRole('heading', { level: 1 }).innerText(), 'Sign in');
    await again.close();
    assert.equal(await page.getByLabel('Corners').inputValue(), '10');
  });

  it('takes CSS of its own, says of each line why not, and shows the pages with it and without', async () => {
    const field = page.getByLabel('CSS', { exact: true });
    await field.fill('.card { max-width: 480px }\n.strip { display: none }\nh1 { color: red }');
    await button('Save draft').click();
    const faults = page.locator('.css-fault');
    await faults.nth(1).waitFor();
    assert.deepEqual(await faults.allInnerTexts(), [
      "Line 2: '.strip' cannot be styled: people rely on what stands there.",
      "Line 3: 'color' cannot be set on 'h1'; colours are chosen above, where their contrast is measured.",
    ]);
    assert.equal(await page.evaluate('document.activeElement.tagName'), 'TEXTAREA');
    await field.fill('.card { max-width: 480px }');
    await button('Save draft').click();
    await page.getByText('Draft saved').waitFor();
    await pick('Page or mail', 'Sign-in');
    for (const [choice, width] of [
      ['With custom CSS', 480],
      ['Without it', 400],
    ] as const) {
      await pick('Style', choice);
      const preview = await follow(/^Open preview/);
      await preview.getByRole('heading', { level: 1 }).waitFor();
      assert.equal(await preview.evaluate(`document.querySelector('.card').offsetWidth`), width);
      await preview.close();
    }
    // The next one waits for the same words.
    await page.getByText('Draft saved').waitFor({ state: 'hidden' });
  });

  it('takes an address for help, and says which it takes', async () => {
    const field = page.getByLabel('Help address', { exact: true });
    await field.fill('javascript:alert(1)');
    await button('Save draft').click();
    await page.getByText('Write an https:// address, or mailto: and one e-mail address.').waitFor();
    await field.fill('mailto:help@example.com');
    await button('Save draft').click();
    await page.getByText('Draft saved').last().waitFor();
    assert.equal(await field.getAttribute('aria-invalid'), null);
    await field.fill('');
    await button('Save draft').click();
    await page.getByRole('button', { name: 'Save draft' }).waitFor({ state: 'hidden' });
  });

  it('guards a draft that is not saved, and keeps texts by language', async () => {
    await page.getByLabel('Language').click();
    await page.getByRole('option', { name: 'Deutsch' }).click();
    await page.getByLabel('Title of the sign-in page', { exact: true }).fill('Willkommen');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Users' }).click();
    await dialog('Leave without saving?').getByRole('button', { name: 'Stay' }).click();
    await page.getByLabel('Language').click();
    await page.getByRole('option', { name: 'English' }).click();
    assert.equal(await page.getByLabel('Title of the sign-in page', { exact: true }).inputValue(), '');
    await button('Discard').click();
  });

  it('copies the look of another environment with its pictures, into a draft that one may still discard', async () => {
    const { server } = stage;
    const { environmentId: other } = await otherEnvironment(server, { name: 'Production' });
    await visit(`/branding?environment=${other}`);
    await page
      .getByLabel('Upload Logo', { exact: true })
      .setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: png(90, 30) });
    await page.getByRole('img', { name: 'Logo', exact: true }).waitFor();
    await page.getByLabel('Corners').fill('7');
    await page.getByLabel('CSS', { exact: true }).fill('.card { text-align: center }');
    await button('Save draft').click();
    await page.getByText('Draft saved').waitFor();

    await visit(`/branding?environment=${server.environmentId}`);
    const corners = page.getByLabel('Corners');
    await corners.waitFor();
    const before = await corners.inputValue();
    assert.notEqual(before, '7');
    const copyLook = async () => {
      await page.getByLabel('From', { exact: true }).getByText('Production').waitFor();
      await button('Copy look').click();
      await page.getByText('The look of Production is here; save the draft to keep it').first().waitFor();
    };
    await copyLook();
    assert.equal(await corners.inputValue(), '7');
    await button('Discard').click();
    assert.equal(await corners.inputValue(), before, 'nothing was kept');
    await copyLook();
    await button('Save draft').click();
    await page.getByText('Draft saved').waitFor();
    await page.reload();
    await corners.waitFor();
    assert.equal(await corners.inputValue(), '7');
    assert.equal(await page.getByLabel('CSS', { exact: true }).inputValue(), '.card { text-align: center }');
    const logo = page.getByRole('img', { name: 'Logo', exact: true });
    assert.ok((await logo.getAttribute('src'))?.startsWith(`/branding/images/${server.environmentId}.`));
    const shown = `document.querySelector('.image-shown')`;
    assert.equal(await page.evaluate(`${shown}.decode().then(() => ${shown}.naturalWidth)`), 90);
  });
});

describe('Social providers', () => {
  const clientId = 'Iv1.8a61f9b3a7aba766';
  const secret = 'a-secret-of-github';

  it('switches one off and on by keyboard, and the sign-in page follows', async () => {
    await visit('/authentication/providers');
    const google = page.getByRole('switch', { name: 'Show the button of Google' });
    await google.focus();
    await page.keyboard.press('Space');
    await page.getByText('Google is off').waitFor();
    await row('Google').getByText('Off', { exact: true }).waitFor();
    const { stranger, close } = await signInPage();
    assert.equal(await stranger.getByRole('button', { name: 'Continue with Google' }).count(), 0);
    assert.equal(await stranger.getByRole('button', { name: 'Continue with GitHub' }).count(), 1);
    await close();
    await page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
    await row('Google').getByText('Simulated').waitFor();
  });

  it('takes own credentials, after a sign-in that is a while ago is confirmed', async () => {
    await button('Set up GitHub').click();
    const form = dialog('Set up GitHub');
    const url = `${stage.server.url}/sso/oauth/github/callback`;
    assert.equal(await form.getByTestId('callback-url').innerText(), url);
    await form.getByRole('button', { name: 'Copy' }).click();
    assert.equal(await page.evaluate('navigator.clipboard.readText()'), url);

    await form.getByLabel('Client ID').fill(clientId);
    await form.getByRole('button', { name: 'Save provider' }).click();
    await form.getByText('Send Client secret with a new client ID.').waitFor();

    stage.server.clock.advance(16 * 60);
    await form.getByLabel('Client secret').fill(secret);
    await form.getByLabel('Scopes').fill('repo  gist');
    await form.getByLabel('Return tokens').check();
    await form.getByRole('button', { name: 'Save provider' }).click();
    await dialog('Confirm that it is you').getByRole('button', { name: 'Continue to sign-in' }).click();
    await signIn(page);
    assert.equal(await form.getByLabel('Client ID').inputValue(), clientId);
    assert.equal(await form.getByLabel('Client secret').inputValue(), '', 'a secret rests nowhere');
    await form.getByLabel('Client secret').fill(secret);
    await form.getByRole('button', { name: 'Save provider' }).click();
    await page.getByText('GitHub saved').waitFor();
    await row('GitHub').getByText('Own credentials').waitFor();
  });

  it('never shows the secret again, and keeps what is not typed anew', async () => {
    await page.reload();
    await button('Set up GitHub').click();
    const form = dialog('Set up GitHub');
    assert.equal(await form.getByLabel('Client secret').inputValue(), '');
    assert.equal(await form.getByLabel('Scopes').inputValue(), 'repo gist');
    await form.getByLabel('Position').fill('0');
    await form.getByRole('button', { name: 'Save provider' }).click();
    await page.getByText('GitHub saved').waitFor();
    await page.getByRole('row').nth(1).getByText('GitHub', { exact: true }).first().waitFor();
    assert.equal((await page.content()).includes(secret), false);
  });

  it('sends people to the provider’s own address', async () => {
    const { stranger, close } = await signInPage();
    // Nobody leaves this machine: what the browser would have asked GitHub for is looked at instead.
    const asked = new Promise<URL>((resolve) => {
      void stranger.route('https://github.com/**', (route) => {
        resolve(new URL(route.request().url()));
        return route.fulfill({ body: 'GitHub' });
      });
    });
    await stranger.getByRole('button', { name: 'Continue with GitHub' }).click();
    const { origin, pathname, searchParams } = await asked;
    assert.equal(origin + pathname, 'https://github.com/login/oauth/authorize');
    assert.equal(searchParams.get('client_id'), clientId);
    assert.match(searchParams.get('scope') ?? '', /repo gist/);
    await close();
    assert.match(stage.complaints.splice(0).join('\n'), /^A request went to https:\/\/github\.com\/login\S+$/);
  });

  it('asks Apple’s key for its parts, in words', async () => {
    await button('Set up Apple').click();
    const form = dialog('Set up Apple');
    await form.getByLabel('Client ID').fill('com.example.web');
    await form.getByLabel('Team ID').fill('A1B2C3D4E5');
    await form.getByLabel('Key ID').fill('short');
    await form.getByLabel('Private key').fill('no key');
    await form.getByRole('button', { name: 'Save provider' }).click();
    await form.getByText('Key ID has ten letters and digits.').waitFor();
    await form.getByLabel('Key ID').fill('F6G7H8I9J0');
    await form.getByRole('button', { name: 'Save provider' }).click();
    await form.getByText(/^This is not the content of the \.p8 file/).waitFor();
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'hidden' });
    assert.equal(await page.evaluate('document.activeElement.textContent'), 'Set up Apple');
  });

  it('forgets everything on reset', async () => {
    await button('Set up GitHub').click();
    await dialog('Set up GitHub').getByRole('button', { name: 'Reset' }).click();
    await dialog('Reset GitHub?').getByRole('button', { name: 'Reset provider' }).click();
    await row('GitHub').getByText('Simulated').waitFor();
    assert.equal(await row('GitHub').getByText(clientId).count(), 0);
  });
});

describe('both pages', () => {
  it('are found by old names and new ones, and by two keys', async () => {
    for (const [words, option, path] of [
      ['Social providers', /^Social providers/, '/dashboard/authentication/providers'],
      ['Social login', /^Social providers/, '/dashboard/authentication/providers'],
      ['Branding', /^Branding/, '/dashboard/branding'],
      ['Brand colors', /^Colours/, '/dashboard/branding'],
      ['Favicon', /^Logo and icon/, '/dashboard/branding'],
    ] as const) {
      await page.keyboard.press('ControlOrMeta+K');
      await page.getByRole('combobox', { name: /^Search pages/ }).fill(words);
      await page.getByRole('option', { name: option }).and(page.locator('[aria-selected=true]')).waitFor();
      await page.keyboard.press('Enter');
      await page.waitForURL((url) => url.pathname === path);
      await dialog('Search').waitFor({ state: 'hidden' });
    }
    for (const [letter, title] of [
      ['p', 'Social providers'],
      ['b', 'Branding'],
    ] as const) {
      await visit('/users');
      await page.getByRole('heading', { name: 'Users', level: 1 }).waitFor();
      await page.keyboard.press('g');
      await page.keyboard.press(letter);
      await page.getByRole('heading', { name: title, level: 1 }).waitFor();
      const current = page.getByRole('navigation', { name: 'Main' }).locator('[aria-current=page]');
      assert.deepEqual(await current.allInnerTexts(), [title]);
    }
  });

  const places: readonly (readonly [name: string, path: string, open?: () => Promise<void>])[] = [
    ['providers', '/authentication/providers', () => row('Xero').waitFor()],
    ['provider', '/authentication/providers?provider=GitHubOAuth', () => dialog('Set up GitHub').waitFor()],
    ['Apple', '/authentication/providers?provider=AppleOAuth', () => dialog('Set up Apple').waitFor()],
    ['reset', '/authentication/providers?provider=XOAuth&dialog=reset', () => dialog('Reset X?').waitFor()],
    [
      'branding',
      '/branding',
      async () => {
        await page.getByLabel('Link, light', { exact: true }).fill('#ffee00');
        await page.getByLabel('Button, dark', { exact: true }).fill('#222222');
        await button('Save draft').click();
        await page.getByText(/Shown as/).waitFor();
        await page.getByLabel('Corners').fill('11');
      },
    ],
  ];
  for (const [name, path, open] of places)
    it(`${name}: nothing that axe finds in any appearance, and nothing beside the screen`, async () => {
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.goto('about:blank');
      await visit(path);
      await page.getByRole('heading', { level: 1, includeHidden: true }).waitFor();
      await open?.();
      await examine(page);
    });
});
