import type { Locator, Page } from './browser.ts';
import type { TestOrganization, TestUser } from './people.ts';

/** How long a page may take: CI machines are slow, and a page that never comes says so sooner than the test would. */
const defaultTimeoutMs = 15_000;

export interface SignInOptions {
  /** Where the app starts the sign-in: a path of the app, or an address. Default: its sign-in path. */
  readonly from?: string;
  /** Which organization to choose where the page asks. Default: where the user was made a member. */
  readonly organization?: Pick<TestOrganization, 'id'>;
  /** For each page. Default 15 000. */
  readonly timeoutMs?: number;
}

/** By name and not by label: pages speak the language of the browser. */
const fields = {
  email: '#email',
  password: '#password',
  code: 'input[name="code"]',
  leavePasskey: 'button[name="answer"][value="later"]',
} as const;

/**
 * Signs in as a person does: e-mail, password, and whatever the page asks then, up to the app.
 *
 * @param start - the address of the app that leads to the sign-in
 * @param code - what the person's authenticator app shows
 */
export async function signInAt(
  page: Page,
  user: Pick<TestUser, 'email' | 'password' | 'organization'>,
  {
    platform,
    start,
    code,
    organization = user.organization,
    timeoutMs = defaultTimeoutMs,
  }: Omit<SignInOptions, 'from' | 'organization'> & {
    readonly platform: string;
    readonly start: string;
    readonly code: () => Promise<string>;
    readonly organization?: Pick<TestOrganization, 'id'> | null;
  },
): Promise<void> {
  if (user.password === null)
    throw new TypeError(`${user.email} has no password. Use session() to sign in without a page.`);
  const timeout = { timeout: timeoutMs };
  await page.goto(start);
  const email = page.locator(fields.email);
  await email.waitFor(timeout);
  await email.fill(user.email);
  await email.press('Enter');
  const password = page.locator(fields.password);
  await password.waitFor(timeout);
  await password.fill(user.password);
  await password.press('Enter');

  const asked = {
    code: page.locator(fields.code),
    passkey: page.locator(fields.leavePasskey),
    ...(organization && { organization: page.locator(`button[name="organization_id"][value="${organization.id}"]`) }),
  };
  const answers: Record<keyof typeof asked, (field: Locator) => Promise<void>> = {
    // The page sends a code that is complete.
    code: async (field) => field.fill(await code()),
    passkey: (field) => field.click(),
    organization: (field) => field.click(),
  };
  for (let open = Object.entries(asked) as [keyof typeof asked, Locator][]; ; ) {
    const next = await firstOf(page, platform, open, timeoutMs);
    if (next === 'app') return;
    const [name, field] = next;
    await answers[name](field);
    // Each is asked once, and its page may still be there for a moment.
    open = open.filter(([other]) => other !== name);
  }
}

/** What comes first: the app, or one of the fields. */
async function firstOf<Name extends string>(
  page: Page,
  platform: string,
  fields: readonly [Name, Locator][],
  timeout: number,
): Promise<'app' | [Name, Locator]> {
  const arrived = page.waitForURL((url) => url.origin !== platform, { timeout }).then(() => 'app' as const);
  const shown = fields.map(([name, field]) =>
    field
      .first()
      .waitFor({ timeout })
      .then((): [Name, Locator] => [name, field]),
  );
  try {
    return await Promise.any([arrived, ...shown]);
  } catch {
    throw new Error(`The sign-in did not go on at ${page.url()}.`);
  }
}
