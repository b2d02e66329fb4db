import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EntityNotFound, Unavailable } from './errors.ts';
import { createLogger, type Logger } from './log.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects and fails where it is not there
function logged(write: (log: Logger) => void, level = 'debug'): any[] {
  const lines: string[] = [];
  write(createLogger({ level, destination: { write: (line: string) => void lines.push(line) } }));
  return lines.map((line) => {
    assert.ok(line.endsWith('\n') && line.indexOf('\n') === line.length - 1, 'one record per line');
    return JSON.parse(line);
  });
}

describe('the log', () => {
  it('writes one JSON record per line, with the level by name and the time in UTC', () => {
    const [record] = logged((log) => log.warn({ request: 'req_1' }, 'two\nlines'));
    assert.match(record.time, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    assert.deepEqual({ ...record, time: '' }, { level: 'warn', time: '', request: 'req_1', msg: 'two\nlines' });
  });

  it('writes no secret under a name that is known to carry one', () => {
    const [record] = logged((log) =>
      log.info({
        password: 'p1',
        body: { code: 'p2', refresh_token: 'p3', nested: { client_secret: 'p4' } },
        headers: { authorization: 'p5', cookie: 'p6', 'set-cookie': 'p7' },
      }),
    );
    assert.doesNotMatch(JSON.stringify(record), /p[1-7]/);
    assert.equal(record.body.code, '[redacted]');
  });

  it('says what failed and what was behind it, with both stacks', () => {
    const cause = Object.assign(new Error('duplicate key'), {
      code: '23505',
      detail: 'Key (email)=(grace@example.com) already exists.',
    });
    const [record] = logged((log) =>
      log.error({ err: new Unavailable(cause, 'the pool is full') }, 'A request failed'),
    );
    assert.equal(record.err.type, 'Unavailable');
    assert.equal(record.err.detail, 'the pool is full');
    assert.match(record.err.cause.stack, /duplicate key[\s\S]+log\.test/);
    // A driver's detail quotes the row.
    assert.ok(!JSON.stringify(record).includes('grace@example.com'));
  });

  it('writes errors that go round in circles, and things that are no errors', () => {
    const round = new EntityNotFound('User', 'user_1');
    round.cause = round;
    const records = logged((log) => {
      log.error({ err: round });
      log.error({ err: 'text' });
      log.error({ err: undefined });
    });
    assert.equal(records.length, 3);
    assert.equal(records[1].err.message, 'text');
  });

  it('leaves out what is below its level', () => {
    assert.equal(logged((log) => log.info('no'), 'warn').length, 0);
  });
});
