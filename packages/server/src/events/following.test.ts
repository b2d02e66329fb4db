/**
 * Whoever follows the events with `after` gets each of them, once, whatever the clocks of the writers say and in
 * whichever order they commit.
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { asOperator, becomeOwner } from '../../test/flows/steps.ts';
import { onEachEngine, type TestBrowser, type TestServer } from '../../test/harness.ts';
import { type Db, type Services, sql, systemTenant } from '../core/index.ts';
import { recordEvent } from './index.ts';

onEachEngine('a reader who follows the events', (start, engine) => {
  it('misses none where the clock stands still, and none where it goes back', async () => {
    await using server = await start();
    const reader = await follow(server);
    const at = server.running.services.now();
    const noon = { ...server.running.services, now: () => at };
    const earlier = { ...server.running.services, now: () => new Date(at.getTime() - 60_000) };
    const written: string[] = [];
    for (let n = 0; n < 20; n++) {
      const name = `in one millisecond ${n}`;
      await write(server, name, n % 5 === 4 ? earlier : noon);
      await reader.catchUp();
      written.push(name);
    }
    assert.deepEqual(reader.seen, written);
  });

  it('misses none that was written first and committed last', async () => {
    await using server = await start();
    const reader = await follow(server);
    const { promise: mayCommit, resolve: commit } = Promise.withResolvers<void>();
    const { promise: isWritten, resolve: written } = Promise.withResolvers<void>();
    const slow = write(server, 'slow', server.running.services, async () => {
      written();
      await mayCommit;
    });
    await isWritten;
    // SQLite has one writer at a time, so there nobody can overtake.
    if (engine === 'postgresql') {
      await write(server, 'quick');
      await reader.catchUp();
    }
    commit();
    await slow;
    await reader.catchUp();
    assert.deepEqual(reader.seen, engine === 'postgresql' ? ['quick', 'slow'] : ['slow']);
  });

  it('misses none of many writers while it reads, and is given none twice', async () => {
    await using server = await start();
    const reader = await follow(server, 7);
    const names = Array.from({ length: 6 }, (_, writer) =>
      Array.from({ length: 25 }, (_, n) => `writer ${writer}, event ${n}`),
    );
    let isWriting = true;
    const writers = Promise.all(
      names.map(async (own) => {
        for (const name of own) await write(server, name, server.running.services, pause);
      }),
    ).finally(() => {
      isWriting = false;
    });
    while (isWriting) await reader.catchUp();
    await writers;
    await reader.catchUp();
    assert.deepEqual(reader.seen.toSorted(), names.flat().toSorted());
    for (const own of names)
      assert.deepEqual(
        reader.seen.filter((name) => own.includes(name)),
        own,
      );
  });

  it('pages back and forth over one order, also where many were never read before', async () => {
    await using server = await start();
    const owner = await becomeOwner(server);
    const { services } = server.running;
    // More than are put into place at once.
    await services.db.transaction(async (tx) => {
      for (let n = 0; n < 1100; n++) await record(server, services, tx, `unread ${n}`);
    });
    const { json: newest } = await list(server, owner, { limit: '3' });
    const ids = (answer: { data: { id: string }[] }) => answer.data.map(({ id }) => id);
    const { json: older } = await list(server, owner, { limit: '3', after: newest.list_metadata.after });
    const { json: back } = await list(server, owner, { limit: '3', before: older.list_metadata.before });
    assert.deepEqual(ids(back), ids(newest));
    const { json: forth } = await list(server, owner, { limit: '6', order: 'asc', after: older.data[2].id });
    assert.deepEqual(ids(forth), [...ids(newest), ...ids(older)].toReversed().slice(1));
    const unplaced = await services.db.all(sql`select id from events where position is null`);
    assert.deepEqual(unplaced, []);
  });
});

const pause = () => new Promise<void>((resolve) => setImmediate(resolve));

function record(server: TestServer, services: Services, tx: Db, name: string) {
  const data = { id: server.environmentId, part: name };
  return recordEvent(services, tx, systemTenant(server.environmentId), { name: 'environment.updated', data });
}

/** Writes an event, and commits it when `before` is done. */
const write = (
  server: TestServer,
  name: string,
  services: Services = server.running.services,
  before: () => Promise<void> = async () => {},
): Promise<void> =>
  server.running.services.db.transaction(async (tx) => {
    await record(server, services, tx, name);
    await before();
  });

const list = (server: TestServer, owner: TestBrowser, query: Record<string, string>) =>
  asOperator(server, owner, 'GET', `/dashboard/api/events?${new URLSearchParams(query)}`);

/** Reads on from what there is now, as a program does that keeps the last id it saw. */
async function follow(server: TestServer, limit = 100) {
  const owner = await becomeOwner(server);
  const { json } = await list(server, owner, { limit: '1' });
  let after: string = json.data[0].id;
  const seen: string[] = [];
  async function catchUp(): Promise<void> {
    for (;;) {
      const answer = await list(server, owner, { order: 'asc', after, limit: String(limit) });
      assert.equal(answer.status, 200, JSON.stringify(answer.json));
      const { data } = answer.json as { data: { id: string; data: { part: string } }[] };
      seen.push(...data.map((event) => event.data.part));
      after = data.at(-1)?.id ?? after;
      if (data.length < limit) return;
    }
  }
  return { seen, catchUp };
}
