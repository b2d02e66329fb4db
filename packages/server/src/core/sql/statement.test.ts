import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvalidRequestParameters } from '../errors.ts';
import { newSecret } from '../secrets.ts';
import { anyOf, json, rowsOf, sql } from './statement.ts';

const at = new Date('2026-01-02T03:04:05.678Z');

describe('sql', () => {
  it('numbers its placeholders as each engine wants them', () => {
    const statement = sql`select * from users where id = ${'user_1'} and age > ${3}`;
    assert.deepEqual(statement.render('sqlite'), {
      text: 'select * from users where id = ?1 and age > ?2',
      values: ['user_1', 3],
    });
    assert.deepEqual(statement.render('postgresql'), {
      text: 'select * from users where id = $1 and age > $2',
      values: ['user_1', 3],
    });
  });

  it('never lets a value become text', () => {
    const { text, values } = sql`select ${"'; drop table users; --"}`.render('postgresql');
    assert.deepEqual({ text, values }, { text: 'select $1', values: ["'; drop table users; --"] });
  });

  it('puts statements into statements and numbers through', () => {
    const inner = sql`b = ${2}`;
    const { text, values } = sql`a = ${1} and (${inner} or c = ${3})`.render('postgresql');
    assert.deepEqual({ text, values }, { text: 'a = $1 and (b = $2 or c = $3)', values: [1, 2, 3] });
  });

  it('writes a template anew when a fragment in it is another one, or stands elsewhere', () => {
    const [one, other] = [sql`b = ${2}`, sql`c is null`];
    const written = (left: unknown, right: unknown): string => sql`${left} and ${right}`.render('postgresql').text;
    assert.deepEqual(
      [written(one, 1), written(one, 2), written(1, one), written(other, 1), written(1, 2), written(one, other)],
      ['b = $1 and $2', 'b = $1 and $2', '$1 and b = $2', 'c is null and $1', '$1 and $2', 'b = $1 and c is null'],
    );
  });

  it('stores times as milliseconds and booleans as 0 and 1', () => {
    assert.deepEqual(sql`${at} ${true} ${false} ${null}`.render('sqlite').values, [at.getTime(), 1, 0, null]);
  });

  it('refuses what it would have to guess', () => {
    for (const value of [undefined, {}, [], 1n, Symbol('x'), () => 1])
      assert.throws(() => sql`${value}`.render('sqlite'), /Cannot bind/);
    for (const value of [1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])
      assert.throws(() => sql`${value}`.render('sqlite'), /whole numbers/);
    assert.throws(() => sql`${new Date(Number.NaN)}`.render('sqlite'), /whole numbers/);
  });

  it('refuses a secret, which is stored as a hash or sealed, and does not name it', () => {
    const secret = newSecret();
    assert.throws(
      () => sql`${secret}`.render('postgresql'),
      (error: Error) => /hash or sealed/.test(error.message) && !error.message.includes(secret.reveal()),
    );
  });

  it('refuses U+0000, alone and in lists and rows, as a mistake of the caller', () => {
    const columns = [{ name: 'a', type: 'text' as const }];
    for (const statement of [sql`${'a\0b'}`, anyOf(['ok', '\0']), rowsOf('r', columns, [['\0']])])
      for (const engine of ['sqlite', 'postgresql'] as const)
        assert.throws(() => statement.render(engine), InvalidRequestParameters);
  });

  it('joins with a separator, and nothing to nothing', () => {
    const conditions = [sql`a = ${1}`, sql`b = ${2}`];
    assert.deepEqual(sql.join(conditions, ' and ').render('postgresql'), { text: 'a = $1 and b = $2', values: [1, 2] });
    assert.deepEqual(sql.join([], ' and ').render('postgresql'), { text: '', values: [] });
  });

  it('says what differs between the engines where it must', () => {
    const statement = sql`x ${sql.engine({ sqlite: 'glob', postgresql: 'similar to' })} ${'a'}`;
    assert.equal(statement.render('sqlite').text, 'x glob ?1');
    assert.equal(statement.render('postgresql').text, 'x similar to $1');
  });

  it('renders again for the other engine', () => {
    const statement = sql`${1}`;
    assert.deepEqual(
      [statement.render('sqlite').text, statement.render('postgresql').text, statement.render('sqlite').text],
      ['?1', '$1', '?1'],
    );
  });

  it('has the same text whatever the number of values, so that it stays prepared', () => {
    for (const engine of ['sqlite', 'postgresql'] as const)
      assert.equal(anyOf(['a']).render(engine).text, anyOf(['a', 'b', 'c']).render(engine).text);
  });

  it('keeps JSON as text', () => {
    assert.equal(json({ a: [1, null] }), '{"a":[1,null]}');
  });
});
