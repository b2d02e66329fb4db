import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { onEachEngine, type TestServices } from '../../test/engines.ts';
import { ownLook } from '../branding/index.ts';
import { sql, systemTenant, type Tenant } from '../core/index.ts';
import { createEnvironment } from '../environments/index.ts';
import { translator } from '../texts/index.ts';
import { unlinked } from './app-name.ts';
import {
  clearMailbox,
  codeIn,
  findMailboxMessage,
  listMailbox,
  type Mail,
  mailboxTransport,
  queueMail,
  registerMail,
  smtpTransport,
} from './index.ts';
import { sampleLetters } from './samples.ts';
import { writeMail } from './write-mail.ts';

interface World extends AsyncDisposable {
  readonly services: TestServices;
  readonly tenant: Tenant;
}

const code = { template: 'verify_email', data: { code: '012345', expiresInMinutes: 10 } } as const;

async function acmeOn(services: TestServices, applicationName = 'Acme'): Promise<World> {
  const { environmentId } = await services.db.transaction((tx) =>
    createEnvironment(services, tx, { name: 'Staging', kind: 'staging', applicationName }),
  );
  services.jobs.start();
  return {
    services,
    tenant: systemTenant(environmentId),
    [Symbol.asyncDispose]: async () => {
      await services.jobs.stop();
      await services[Symbol.asyncDispose]();
    },
  };
}

const send = ({ services, tenant }: World, to: string): Promise<void> =>
  services.db.transaction((tx) => queueMail(services, tx, tenant, { to, ...code }));

onEachEngine('mailbox', (open) => {
  it('holds what was queued in a committed transaction, newest first, in the name of the app, and clears', async () => {
    await using acme = await acmeOn(await open(), 'Acme, Inc.');
    const { services } = acme;
    registerMail(services, mailboxTransport(services));

    await send(acme, 'Ada@example.com');
    await services.jobs.idle();
    // Backwards: the order is the one of sending, whatever the clock says.
    acme.services.clock.advance(-3600);
    await send(acme, 'grace@example.com');
    await services.jobs.idle();

    const both = await listMailbox(services, { limit: 10 });
    assert.deepEqual(
      both.map(({ to, from, subject }) => ({ to, from, subject })),
      [
        {
          to: 'grace@example.com',
          from: '"Acme, Inc." <no-reply@localhost>',
          subject: '012345 is your code for Acme, Inc.',
        },
        {
          to: 'Ada@example.com',
          from: '"Acme, Inc." <no-reply@localhost>',
          subject: '012345 is your code for Acme, Inc.',
        },
      ],
    );
    assert.deepEqual(await listMailbox(services, { to: 'ada@EXAMPLE.com', limit: 10 }), [both[1]]);
    assert.deepEqual(await findMailboxMessage(services, both[0]?.id ?? ''), both[0]);
    assert.equal(await findMailboxMessage(services, 'mail_unknown'), null);

    await clearMailbox(services);
    assert.deepEqual(await listMailbox(services, { limit: 10 }), []);
  });

  it('sends nothing for a transaction that fails', async () => {
    await using acme = await acmeOn(await open());
    const { services, tenant } = acme;
    registerMail(services, mailboxTransport(services));
    const failing = services.db.transaction(async (tx) => {
      await queueMail(services, tx, tenant, { to: 'ada@example.com', ...code });
      throw new Error('changed my mind');
    });
    await assert.rejects(failing, /changed my mind/);
    await services.jobs.idle();
    assert.deepEqual(await listMailbox(services, { limit: 10 }), []);
  });

  it('keeps the last 1000 and takes a repeated delivery once', async () => {
    await using acme = await acmeOn(await open());
    const { services } = acme;
    const deliver = mailboxTransport(services);
    const written = { app: 'Acme', subject: 's', text: 't', html: 'h', queuedAt: services.now() };
    const mails = Array.from(
      { length: 1003 },
      (_, sequence): Mail => ({ id: `mail_${sequence}`, to: 'a@b.example', sequence, ...written }),
    );
    for (const mail of mails) await deliver(mail);
    for (const mail of mails.slice(-3)) await deliver(mail);
    const kept = await listMailbox(services, { limit: 2000 });
    assert.deepEqual(
      kept.map(({ id }) => id),
      mails
        .slice(3)
        .map(({ id }) => id)
        .reverse(),
    );
  });

  it('keeps codes out of the database’s plain text', async () => {
    await using acme = await acmeOn(await open());
    const { services } = acme;
    await send(acme, 'ada@example.com');
    const queued = await services.db.all(sql`select * from jobs`);
    registerMail(services, mailboxTransport(services));
    await send(acme, 'ada@example.com');
    await services.jobs.idle();
    const delivered = await services.db.all(sql`select * from mailbox_messages`);
    assert.ok(queued.length > 0 && delivered.length > 0);
    assert.ok(!JSON.stringify([queued, delivered]).includes('012345'));
  });

  it('refuses to queue for whatever is not one bare address', async () => {
    await using acme = await acmeOn(await open());
    for (const to of [
      'a@x.example, b@x.example',
      'a@x.example;b@x.example',
      'Ada <a@x.example>',
      'a@x.example\r\nBcc: b@x.example',
      'a',
      '@',
      'a@b@c',
      '',
    ]) {
      await assert.rejects(send(acme, to), /exactly one bare address/, to);
    }
  });

  it('drops a mail that was not delivered in time', async () => {
    await using acme = await acmeOn(await open());
    const { services, tenant } = acme;
    registerMail(services, mailboxTransport(services));
    await services.jobs.stop();
    const notAfter = new Date(services.now().getTime() + 60_000);
    await services.db.transaction((tx) =>
      queueMail(services, tx, tenant, { to: 'ada@example.com', notAfter, ...code }),
    );
    services.clock.advance(61);
    services.jobs.start();
    await services.jobs.idle();
    assert.deepEqual(await listMailbox(services, { limit: 10 }), []);
    assert.deepEqual(await services.db.all(sql`select id from jobs`), []);
  });
});

describe('templates', () => {
  const sender = {
    app: 'Acme',
    host: 'login.acme.example',
    t: translator('en'),
    look: ownLook,
    publicUrl: 'https://login.acme.example',
    clientId: 'client_acme',
  };

  it('puts the code into subject, both bodies, and the origin-bound last line (UI 19)', () => {
    const { subject, text, html } = writeMail(code, sender);
    assert.equal(subject, '012345 is your code for Acme');
    assert.ok(text.endsWith('\n@login.acme.example #012345\n'));
    assert.equal(codeIn(text), '012345');
    assert.match(text, /within 10 minutes/);
    assert.match(html, />012345</);
    assert.match(html, /@login\.acme\.example #012345/);
    for (const template of ['verify_email', 'magic_auth', 'email_change'] as const) {
      const mail = writeMail(sampleLetters[template], sender);
      assert.match(mail.subject, /^482915 /, template);
      assert.ok(mail.text.endsWith('\n@login.acme.example #482915\n'), template);
    }
  });

  it('says where to sign in, and links nothing but http(s)', () => {
    const exists = (signInUrl: string | null) => writeMail({ template: 'account_exists', data: { signInUrl } }, sender);
    const linked = exists('https://acme.example/login');
    assert.equal(linked.subject, 'You already have an account with Acme');
    assert.match(linked.text, /Sign in:\nhttps:\/\/acme\.example\/login\n/);
    assert.match(linked.html, /href="https:\/\/acme\.example\/login"/);
    assert.equal(codeIn(linked.text), null);
    for (const url of [null, 'javascript:alert(1)']) assert.doesNotMatch(exists(url).html, /href/);
  });

  it('leads whoever did not do it to where they can undo it', () => {
    const leadTo = (path: string) => new RegExp(`:\nhttps://login\\.acme\\.example${path}\\?client_id=client_acme\n`);
    const changed = writeMail({ template: 'password_changed', data: {} }, sender);
    assert.match(changed.text, leadTo('/forgot-password'));
    assert.match(changed.html, /href="https:\/\/login\.acme\.example\/forgot-password\?client_id=client_acme"/);
    for (const letter of [
      { template: 'passkey_changed', data: { change: 'added' } },
      { template: 'provider_changed', data: { change: 'connected', provider: 'GitHub' } },
      { template: 'second_factor_changed', data: { change: 'removed' } },
    ] as const)
      assert.match(writeMail(letter, sender).text, leadTo('/account'), letter.template);
  });

  it('shows a name as text: no markup, no second header, nothing a mail program would link', () => {
    const app = '<b>https://evil.example</b>\r\nBcc: eve@evil.example \u202eemca';
    for (const letter of [code, { template: 'account_exists', data: { signInUrl: null } } as const]) {
      const { subject, text, html } = writeMail(letter, { ...sender, app });
      assert.doesNotMatch(subject, /[\r\n\u202e]/);
      assert.doesNotMatch(html, /<b>https|href/);
      assert.doesNotMatch(html + text, /https?:\/\/evil|evil\.example|eve@evil|\u202e/);
    }
    assert.equal(unlinked('Acme Inc. – Ärzte & Co'), 'Acme Inc. – Ärzte & Co');
  });

  it('fetches nothing', () => {
    const { html } = writeMail(code, sender);
    assert.doesNotMatch(html, /<img|<link|url\(|src=|@import/);
  });
});

onEachEngine('SMTP', (open) => {
  it('delivers through a mail server, to one recipient', async () => {
    const received: { from: string; to: string[]; source: string }[] = [];
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData(stream, session, done) {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          received.push({
            from: mailFrom ? mailFrom.address : '',
            to: rcptTo.map(({ address }) => address),
            source: Buffer.concat(chunks).toString(),
          });
          done();
        });
      },
    });
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    const { port } = server.server.address() as AddressInfo;
    try {
      await using acme = await acmeOn(await open(), 'Ärzte\r\nBcc: eve@evil.example');
      registerMail(acme.services, smtpTransport(`smtp://127.0.0.1:${port}`, 'Acme <no-reply@acme.example>'));
      await send(acme, 'ada@example.com');
      await acme.services.jobs.idle();
    } finally {
      server.close();
    }
    assert.equal(received.length, 1);
    const [mail] = received;
    assert.ok(mail);
    assert.deepEqual([mail.from, mail.to], ['no-reply@acme.example', ['ada@example.com']]);
    const [headers = ''] = mail.source.split('\r\n\r\n', 1);
    assert.doesNotMatch(headers, /^bcc:/im);
    assert.match(headers, /^To: ada@example\.com$/m);
    assert.match(headers, /^From: Acme <no-reply@acme\.example>$/m);
    assert.match(headers, /^Message-ID: <mail_[0-9A-Z]{26}@acme\.example>$/m);
    assert.match(headers, /^Auto-Submitted: auto-generated$/m);
    assert.match(headers, /^Subject: =\?UTF-8\?/m);
    assert.match(mail.source, /@localhost #012345\r?$/m);
  });

  it('fails when the server does not answer, so that the mail is tried again', async () => {
    const transport = smtpTransport('smtp://127.0.0.1:1', 'Acme <no-reply@acme.example>');
    const mail = {
      id: 'mail_1',
      to: 'a@b.example',
      app: 'Acme',
      subject: 's',
      text: 't',
      html: 'h',
      queuedAt: new Date(),
      sequence: 1,
    };
    await assert.rejects(transport(mail), /ECONNREFUSED/);
  });
});
