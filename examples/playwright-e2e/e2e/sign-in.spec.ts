import { expect, test } from '@authkit/testing/playwright';

// docs: mail
test('a new person signs up with the code that was mailed', async ({ page, auth }) => {
  await page.goto('/');
  await page.getByRole('link', { name: 'Sign up' }).click();
  await page.getByLabel('Email').fill('ada@example.com');
  await page.getByLabel('Password', { exact: true }).fill('violet harbour 42 lantern');
  await page.getByRole('button', { name: 'Sign up' }).click();
  await page.getByLabel('Code').fill(await auth.mail.code('ada@example.com'));

  await expect(page.getByRole('heading', { name: 'Account' })).toBeVisible();
  await expect(page.getByText('You are signed in as ada@example.com')).toBeVisible();
});
// docs: end

test('nobody is left over from another test', async ({ auth }) => {
  const { data } = await auth.call('GET', '/user_management/users');
  expect(data).toEqual([]);
  expect(await auth.mail.list()).toEqual([]);
});

// docs: sign-in
test('somebody with an authenticator app signs in and out', async ({ page, auth }) => {
  const ada = await auth.user({ org: 'Acme' });
  await auth.totp(ada);
  await auth.signIn(page, ada);
  await expect(page.getByRole('heading', { name: 'Account' })).toBeVisible();

  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Welcome' })).toBeVisible();
  await page.goto('/account');
  await expect(page.getByLabel('Email')).toBeVisible();
});
// docs: end

test('somebody who forgot their password sets a new one with the mailed link', async ({ page, auth }) => {
  const ada = await auth.user();
  await auth.call('POST', '/user_management/password_reset', { email: ada.email });
  await page.goto(await auth.mail.link(ada.email, { subject: 'password' }));
  await page.getByLabel('Password', { exact: true }).fill('copper lantern 17 meadow');
  await page.getByRole('button', { name: 'Save password' }).click();
  await auth.signIn(page, { ...ada, password: 'copper lantern 17 meadow' });
  await expect(page.getByText(ada.email)).toBeVisible();
});
