import { expect, test } from '@authkit/testing/playwright';

// docs: session
test('an administrator sees the team, a member does not', async ({ browser, auth, baseURL }) => {
  for (const [role, title] of [
    ['admin', 'Team'],
    ['member', 'For administrators'],
  ]) {
    const page = await browser.newPage({ baseURL });
    await auth.session(page, await auth.user({ org: 'Acme', role, password: null }));
    await page.goto('/team');
    await expect(page.getByRole('heading', { name: title })).toBeVisible();
    await page.close();
  }
});
// docs: end

// docs: clock
test('an access token that has run out is renewed', async ({ page, auth }) => {
  const ada = await auth.user({ password: null });
  await auth.clock.advance('-10m');
  await auth.session(page, ada);
  await auth.clock.reset();
  await page.goto('/account');
  await expect(page.getByText(ada.email)).toBeVisible();
  expect(await auth.events({ name: 'session.created' })).toHaveLength(1);
});
// docs: end

test('a session that has ended asks for a sign-in', async ({ page, auth }) => {
  const ada = await auth.user({ password: null });
  await auth.clock.advance('-400d');
  await auth.session(page, ada);
  await auth.clock.reset();
  await page.goto('/account');
  await expect(page.getByLabel('Email')).toBeVisible();
});

// docs: outage
test('an outage signs nobody out', async ({ page, auth }) => {
  const ada = await auth.user({ password: null });
  await auth.clock.advance('-10m');
  await auth.session(page, ada);
  await auth.fail({ path: '/user_management/authenticate', status: 503, times: 100 });
  await page.goto('/account');
  await expect(page.getByRole('heading', { name: /does not answer/ })).toBeVisible();

  await auth.heal();
  await page.goto('/account');
  await expect(page.getByText(ada.email)).toBeVisible();
});
// docs: end

test('the app tells when an operator acts as somebody', async ({ page, auth }) => {
  const ada = await auth.user({ password: null });
  await auth.session(page, ada, { impersonator: { email: 'grace@example.com', reason: 'A ticket' } });
  await page.goto('/');
  await expect(page.getByText(ada.email)).toBeVisible();
  expect(await auth.events({ userId: ada.id, name: 'sign_in.completed' })).toEqual([]);
});
