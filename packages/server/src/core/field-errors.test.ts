import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { fieldErrors } from './field-errors.ts';

const only = (schema: z.ZodType, value: unknown) => {
  const { error } = z.strictObject({ it: schema }).safeParse(value, { reportInput: true });
  assert.ok(error);
  return fieldErrors(error);
};

const wholeNumber = z.coerce.number().int().min(1).max(100);
const ownWords = z
  .string()
  .regex(/^\w*$/, 'Leave out what is no letter.')
  .refine((text) => text !== 'me', 'is to be somebody else.');

describe('field errors', () => {
  const cases: readonly [schema: z.ZodType, sent: unknown, code: string, message: string][] = [
    [z.string(), undefined, 'it_string_required', "'it' is required: send a non-empty string."],
    [z.string().min(1), '', 'it_string_required', "'it' is required: send a non-empty string."],
    [z.boolean(), undefined, 'it_boolean_required', "'it' is required: send true or false."],
    [z.string(), 7, 'it_invalid', "'it' must be a string."],
    [wholeNumber, '0', 'it_invalid', "'it' must be 1 or more."],
    [wholeNumber, '101', 'it_invalid', "'it' must be 100 or less."],
    [wholeNumber, 'x', 'it_invalid', "'it' must be a number."],
    [wholeNumber, '1.5', 'it_invalid', "'it' must be a whole number."],
    [z.number().positive(), -1, 'it_invalid', "'it' must be more than 0."],
    [z.number().multipleOf(5), 7, 'it_invalid', "'it' must be a multiple of 5."],
    [z.string().max(3), 'long', 'it_invalid', "'it' must have at most 3 characters."],
    [z.string().min(2), 'a', 'it_invalid', "'it' must have at least 2 characters."],
    [z.string().length(3), 'a', 'it_invalid', "'it' must have exactly 3 characters."],
    [z.array(z.string()).max(1), ['a', 'b'], 'it_invalid', "'it' must have at most 1 entry."],
    [z.enum(['asc', 'desc']), 'up', 'it_invalid', "'it' must be 'asc' or 'desc'."],
    [z.enum(['a', 'b', 'c']), 1, 'it_invalid', "'it' must be 'a', 'b' or 'c'."],
    [z.literal('S256'), 'plain', 'it_invalid', "'it' must be 'S256'."],
    [z.email(), 'me', 'it_invalid', "'it' must be an email address."],
    [z.iso.datetime(), 'now', 'it_invalid', "'it' must be a date and time as in ISO 8601."],
    [z.string().regex(/^\d{6}$/), 'abc', 'it_invalid', "'it' must be of the documented form."],
    [z.union([z.string(), z.number()]), [], 'it_invalid', "'it' is not of the documented form."],
    [ownWords, '!', 'it_invalid', "'it': Leave out what is no letter."],
    [ownWords, 'me', 'it_invalid', "'it' is to be somebody else."],
  ];
  for (const [schema, sent, code, message] of cases) {
    it(message, () => assert.deepEqual(only(schema, { it: sent }), [{ code, message, field: 'it' }]));
  }

  it('names what the body must not contain, and each place inside it', () => {
    const message = "'body' must not contain 'that', 'this'.";
    assert.deepEqual(only(z.string(), { it: 'a', that: 1, this: 2 }), [
      { code: 'body_invalid', message, field: 'body' },
    ]);
    const record = z.record(z.string().max(2), z.string());
    assert.deepEqual(
      only(record, { it: { abc: 'a' } }).map((found) => found.message),
      ["'it.abc' has a name that is not allowed."],
    );
  });
});
