import assert from 'node:assert/strict';
import { it } from 'node:test';
import { onEachEngine, type TestServices } from '../../test/engines.ts';
import { sql, systemTenant, type Tenant } from '../core/index.ts';
import { createEnvironment, type Settings } from '../environments/index.ts';
import { listMailbox, mailboxTransport, registerMail } from '../mail/index.ts';
import { createUser, type UserRow } from '../users/index.ts';
import { type Device, deviceCookie, deviceOf, deviceOfApp, noteDevice, purgeDevices, radarReactions } from './index.ts';

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

interface World {
  readonly tenant: Tenant;
  readonly user: UserRow;
  signIn(device: Device, user?: UserRow): Promise<void>;
  mails(): Promise<{ to: string; subject: string; text: string }[]>;
  /** A browser with that cookie. */
  browser(cookie?: string | null): Device;
}

async function world(services: TestServices, settings: Partial<Settings> = {}): Promise<World> {
  const { environmentId } = await services.db.transaction((tx) =>
    createEnvironment(services, tx, { name: 'Staging', kind: 'staging', applicationName: 'Acme', settings }),
  );
  const tenant = systemTenant(environmentId);
  registerMail(services, mailboxTransport(services));
  services.jobs.start();
  const user = await services.db.transaction((tx) => createUser(services, tenant, tx, { email: 'ada@example.com' }));
  assert.ok(user !== 'email_taken');
  return {
    tenant,
    user,
    signIn: (device, who = user) =>
      services.db.transaction((tx) =>
        noteDevice(services, tx, tenant, {
          user: who,
          device,
          ipAddress: '203.0.113.7',
          userAgent: firefox,
          clientId: 'client_1',
          locale: null,
        }),
      ),
    async mails() {
      await services.jobs.idle();
      return (await listMailbox(services, { limit: 10 })).toReversed();
    },
    browser: (cookie = null) => deviceOf(services, tenant, { cookie: () => cookie }),
  };
}

onEachEngine('a device not seen before', (open) => {
  it('is worth a mail, except the first of all, and once', async () => {
    await using services = await open();
    const { signIn, mails, browser } = await world(services);
    const [laptop, phone] = [browser(), browser()];
    await signIn(laptop);
    await signIn(laptop);
    assert.deepEqual(await mails(), []);
    await signIn(phone);
    await signIn(phone);
    await signIn(laptop);
    const [mail, ...others] = await mails();
    assert.deepEqual([mail?.to, mail?.subject, others], ['ada@example.com', 'A sign-in from a new device – Acme', []]);
    for (const fact of [/Firefox on Linux/, /203\.0\.113\.7/, /UTC/, /\/\.well-known\/change-password/])
      assert.match(mail?.text ?? '', fact);
    const events = await services.db.all(sql`select name, data_json from events where name = 'user.device_added'`);
    assert.equal(events.length, 1);
    await services.jobs.stop();
  });

  it('is one per person, however many sign in on it', async () => {
    await using services = await open();
    const { signIn, mails, browser, tenant } = await world(services);
    const grace = await services.db.transaction((tx) => createUser(services, tenant, tx, { email: 'g@example.com' }));
    assert.ok(grace !== 'email_taken');
    const shared = browser();
    await signIn(shared);
    await signIn(shared, grace);
    assert.deepEqual(await mails(), []);
    await signIn(browser(), grace);
    assert.deepEqual(
      (await mails()).map(({ to }) => to),
      ['g@example.com'],
    );
    await services.jobs.stop();
  });

  it('tells once of N sign-ins at the same time', async () => {
    await using services = await open();
    const { signIn, mails, browser } = await world(services);
    await signIn(browser());
    const phone = browser();
    await Promise.all(Array.from({ length: 8 }, () => signIn(phone)));
    assert.equal((await mails()).length, 1);
    await services.jobs.stop();
  });

  it('is remembered but not mailed where the environment does not want it', async () => {
    await using services = await open();
    const { signIn, mails, browser } = await world(services, { newDeviceNotice: false });
    await signIn(browser());
    await signIn(browser());
    assert.deepEqual(await mails(), []);
    assert.equal((await services.db.all(sql`select * from known_devices`)).length, 2);
    await services.jobs.stop();
  });

  it('goes with the user, and after it was not used for longer than its cookie lasts', async () => {
    await using services = await open();
    const { signIn, browser, user, tenant } = await world(services);
    await signIn(browser());
    services.clock.advance(390 * 86_400);
    await signIn(browser());
    services.clock.advance(20 * 86_400);
    await purgeDevices(services);
    assert.equal((await services.db.all(sql`select * from known_devices`)).length, 1);
    await services.db.transaction(async (tx) => {
      for (const { react } of radarReactions) await react(services, tx, tenant, { id: user.id });
    });
    assert.deepEqual(await services.db.all(sql`select * from known_devices`), []);
    await services.jobs.stop();
  });
});

onEachEngine('the cookie of a device', (open) => {
  it('is ours, of its environment, and says nothing', async () => {
    await using services = await open();
    const tenant = systemTenant('environment_01ARZ3NDEKTSV4RRFFQ69G5FAV');
    const first = deviceOf(services, tenant, { cookie: () => null });
    const again = deviceOf(services, tenant, { cookie: () => first.cookie });
    assert.deepEqual(again, first);
    const [set] = deviceCookie(tenant, first);
    assert.deepEqual(set, {
      name: 'authkit-device-01arz3ndektsv4rrffq69g5fav',
      value: first.cookie,
      maxAgeSeconds: 365 * 86_400,
    });
    for (const foreign of [
      first.cookie?.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')) ?? '',
      `${'a'.repeat(22)}.${first.cookie?.split('.')[1]}`,
      'a'.repeat(22),
      'x'.repeat(5000),
    ]) {
      const device = deviceOf(services, tenant, { cookie: () => foreign });
      assert.notEqual(device.hash, first.hash);
      assert.notEqual(device.cookie, foreign);
    }
    const elsewhere = systemTenant('environment_01ARZ3NDEKTSV4RRFFQ69G5FAW');
    assert.notEqual(deviceOf(services, elsewhere, { cookie: () => first.cookie }).cookie, first.cookie);
  });

  it('is the same for a form that was sent twice', async () => {
    await using services = await open();
    const tenant = systemTenant('environment_1');
    const none = { cookie: () => null };
    assert.deepEqual(deviceOf(services, tenant, none, 'attempt_1'), deviceOf(services, tenant, none, 'attempt_1'));
    assert.notEqual(
      deviceOf(services, tenant, none, 'attempt_1').hash,
      deviceOf(services, tenant, none, 'attempt_2').hash,
    );
    assert.deepEqual(deviceCookie(tenant, deviceOfApp(tenant, 'phone 1')), []);
    assert.notEqual(deviceOfApp(tenant, 'phone 1').hash, deviceOfApp(tenant, 'phone 2').hash);
  });
});
