import { InvalidRequestParameters } from '../core/index.ts';
import { InvalidRole } from './errors.ts';

const slugForm = /^[a-z0-9](?:[a-z0-9_.:-]{0,62}[a-z0-9])?$/;

export const isRoleSlug = (slug: string): boolean => slugForm.test(slug);

/**
 * The roles a request names, each once.
 *
 * @returns null when it names none
 * @throws {InvalidRole} when one of them is not a slug
 */
export function rolesOf(body: {
  readonly role_slug?: string | null | undefined;
  readonly role_slugs?: readonly string[] | null | undefined;
}): readonly string[] | null {
  if (body.role_slug != null && body.role_slugs != null)
    throw new InvalidRequestParameters([
      { code: 'role_ambiguous', message: "Send 'role_slug' or 'role_slugs', not both.", field: 'role_slugs' },
    ]);
  const slugs = body.role_slugs ?? (body.role_slug == null ? null : [body.role_slug]);
  const wrong = slugs?.find((slug) => !isRoleSlug(slug));
  if (wrong !== undefined) throw new InvalidRole(wrong);
  return slugs && [...new Set(slugs)];
}
