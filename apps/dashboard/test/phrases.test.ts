import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eventNames, platformEventNames } from '../../../packages/server/src/protocol/index.ts';
import { phrases } from '../src/events/event-phrases.ts';

it('has words for every event that the server records', () => {
  assert.deepEqual(
    [...eventNames, ...platformEventNames].filter((name) => !phrases[name]),
    [],
  );
});
