import { identityProviders } from '../social/index.ts';

/** What a value is: `map` has named members, any unless `members` says which. */
type Shape = 'plain' | 'list' | 'map' | { readonly members: readonly string[] };

/** Everything an expression may name, by root. `last_sign_in_at` is not among it: every sign-in would change the token. */
const shapes: Readonly<Record<string, Readonly<Record<string, Shape>>>> = {
  user: {
    id: 'plain',
    email: 'plain',
    email_verified: 'plain',
    first_name: 'plain',
    last_name: 'plain',
    name: 'plain',
    profile_picture_url: 'plain',
    external_id: 'plain',
    locale: 'plain',
    metadata: 'map',
    identities: { members: identityProviders },
    created_at: 'plain',
    updated_at: 'plain',
  },
  organization: {
    id: 'plain',
    name: 'plain',
    external_id: 'plain',
    stripe_customer_id: 'plain',
    metadata: 'map',
    created_at: 'plain',
    updated_at: 'plain',
  },
  organization_membership: {
    id: 'plain',
    status: 'plain',
    role: 'plain',
    roles: 'list',
    custom_attributes: 'map',
    created_at: 'plain',
    updated_at: 'plain',
  },
};

/** Why there is no such path; null when there is. Says what there is instead. */
export function faultOfPath([root = '', field, member, ...rest]: readonly string[]): string | null {
  const fields = Object.hasOwn(shapes, root) ? shapes[root] : undefined;
  if (!fields) return `There is no '${root}'. A path begins with ${choice(Object.keys(shapes))}.`;
  if (field === undefined) return `'${root}' stands for nothing by itself. Name one of ${choice(Object.keys(fields))}.`;
  const shape = Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (!shape) return `'${root}' has no '${field}'. Name one of ${choice(Object.keys(fields))}.`;
  if (member === undefined) return null;
  const isMap = shape === 'map' || typeof shape === 'object';
  if (!isMap || rest.length > 0)
    return `'${[root, field, member, ...rest].join('.')}' goes deeper than there is anything.`;
  if (typeof shape === 'object' && !shape.members.includes(member))
    return `'${root}.${field}' has no '${member}'. Name one of ${choice(shape.members)}.`;
  return null;
}

/** A list or a map cannot be part of a text. */
export function isPlain([root = '', field = '', member]: readonly string[]): boolean {
  return member !== undefined || shapes[root]?.[field] === 'plain';
}

const choice = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');
