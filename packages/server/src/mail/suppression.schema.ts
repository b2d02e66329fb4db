import { domainToASCII } from 'node:url';
import { z } from 'zod';
import { text, timestamp, toTimestamp } from '../core/index.ts';
import { oneAddress } from './one-address.ts';

/** An address to which nothing goes any more. */
export interface SuppressionRow {
  readonly id: string;
  /** In lower case. */
  readonly address: string;
  /** `refused`: its mail server did so for good. */
  readonly reason: 'refused' | 'operator';
  /** What the mail server said, or the operator. */
  readonly detail: string | null;
  readonly createdAt: Date;
}

export const SuppressedAddress = z
  .object({
    object: z.literal('suppressed_address'),
    id: z.string().describe('`suppressed_address_…`'),
    email: z.string(),
    reason: z.enum(['refused', 'operator']).describe('Its mail server refused it for good, or an operator added it.'),
    detail: z.string().nullable().describe('What the mail server said, or the operator.'),
    created_at: timestamp,
  })
  .meta({ id: 'SuppressedAddress' });

export const toSuppressionWire = (row: SuppressionRow): z.input<typeof SuppressedAddress> => ({
  object: 'suppressed_address',
  id: row.id,
  email: row.address,
  reason: row.reason,
  detail: row.detail,
  created_at: toTimestamp(row.createdAt),
});

export const SuppressionInput = z.object({
  email: z.string().trim().max(254).regex(oneAddress, 'must be one e-mail address.'),
  note: text(300).nullish().describe('Why, for whoever looks at the list later.'),
});

/** As it is compared: in lower case, the domain as A-labels. One inbox is not to be had by another spelling. */
export function suppressionKey(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  return `${address.slice(0, at)}@${domainToASCII(domain) || domain}`.toLowerCase();
}
