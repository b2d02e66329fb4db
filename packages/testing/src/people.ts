import { randomBytes } from 'node:crypto';
import type { Api } from './api.ts';

export interface NewUser {
  /** One of its own when not given. */
  readonly email?: string;
  /** One of its own when not given; null for somebody without a password, who is made sooner. */
  readonly password?: string | null;
  readonly firstName?: string;
  readonly lastName?: string;
  /** Default true. */
  readonly emailVerified?: boolean;
  readonly externalId?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Makes them a member: an organization, or the name of one, which is made when there is none. */
  readonly org?: TestOrganization | string;
  /** The slug of their role there. `member` when not given. */
  readonly role?: string;
}

export interface TestUser {
  readonly id: string;
  readonly email: string;
  /** Null: none. */
  readonly password: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  /** Where they were made a member; null: nowhere. */
  readonly organization: TestOrganization | null;
}

export interface TestOrganization {
  readonly id: string;
  readonly name: string;
}

export interface People {
  user(fields?: NewUser): Promise<TestUser>;
  /** @param name - one of its own when not given */
  organization(name?: string): Promise<TestOrganization>;
  /** Makes somebody a member of a further organization. @returns the id of the membership */
  member(user: Pick<TestUser, 'id'>, organization: TestOrganization | string, role?: string): Promise<string>;
}

export function peopleOf(api: Api): People {
  const people: People = {
    async user({ org, role, ...fields } = {}) {
      const email = fields.email ?? `${unique('person')}@example.com`;
      // Random, because a password that leaked anywhere is refused.
      const password = fields.password === undefined ? unique('a-perfectly-fine-passphrase') : fields.password;
      const made = await api.call('POST', '/user_management/users', {
        email,
        email_verified: fields.emailVerified ?? true,
        ...(password !== null && { password }),
        ...(fields.firstName !== undefined && { first_name: fields.firstName }),
        ...(fields.lastName !== undefined && { last_name: fields.lastName }),
        ...(fields.externalId !== undefined && { external_id: fields.externalId }),
        ...(fields.metadata && { metadata: fields.metadata }),
      });
      const organization = org === undefined ? null : await found(org);
      if (organization) await people.member(made, organization, role);
      return {
        id: made.id,
        email: made.email,
        password,
        firstName: made.first_name,
        lastName: made.last_name,
        organization,
      };
    },

    async organization(name = unique('Organization')) {
      const { id } = await api.call('POST', '/organizations', { name });
      return { id, name };
    },

    async member(user, organization, role) {
      const { id } = await api.call('POST', '/user_management/organization_memberships', {
        user_id: user.id,
        organization_id: (await found(organization)).id,
        ...(role !== undefined && { role_slug: role }),
      });
      return id;
    },
  };

  /** By its name, or made: two tests that speak of “Acme” mean the same, and asking each time is right after a reset. */
  async function found(organization: TestOrganization | string): Promise<TestOrganization> {
    if (typeof organization !== 'string') return organization;
    const { data } = await api.call('GET', `/organizations?${new URLSearchParams({ search: organization })}`);
    const known = (data as TestOrganization[]).find(({ name }) => name === organization);
    return known ? { id: known.id, name: known.name } : people.organization(organization);
  }

  return people;
}

const unique = (name: string): string => `${name}-${randomBytes(6).toString('hex')}`;
