import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rowMapper } from './rows.ts';

describe('rowMapper', () => {
  it('names columns as TypeScript does and converts by suffix and prefix', () => {
    const map = rowMapper(['id', 'created_at', 'removed_at', 'is_default', 'has_mfa', 'data_json', 'count_24h']);
    assert.deepEqual(map(['x', 5, null, 1, 0, '{"a":1}', 7]), {
      id: 'x',
      createdAt: new Date(5),
      removedAt: null,
      isDefault: true,
      hasMfa: false,
      data: { a: 1 },
      count24h: 7,
    });
  });

  it('keeps null as null in every kind of column', () => {
    const map = rowMapper(['used_at', 'is_known', 'data_json', 'name']);
    assert.deepEqual(map([null, null, null, null]), { usedAt: null, isKnown: null, data: null, name: null });
  });

  it('takes a computed boolean of PostgreSQL for what it is', () => {
    const map = rowMapper(['is_known', 'has_users']);
    assert.deepEqual(map([true, false]), { isKnown: true, hasUsers: false });
  });

  it('takes the time zero for a time', () => {
    assert.deepEqual(rowMapper(['sent_at'])([0]), { sentAt: new Date(0) });
  });
});
