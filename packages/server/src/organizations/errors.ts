import { ApiError, OAuthError } from '../core/index.ts';

/** In this organization already, or proved by another one. */
export class DomainAlreadyExists extends ApiError {
  static override readonly code = 'domain_already_exists';
  static override readonly status = 409;

  constructor(domain: string) {
    super(`The domain '${domain}' belongs to an organization already.`);
  }
}

export class DomainAlreadyVerified extends ApiError {
  static override readonly code = 'domain_already_verified';
  static override readonly status = 400;

  constructor(domain: string) {
    super(`The domain '${domain}' is verified already.`);
  }
}

export class StripeCustomerIdAlreadyUsed extends ApiError {
  static override readonly code = 'stripe_customer_id_already_used';
  static override readonly status = 400;

  constructor(id: string) {
    super(`Another organization of this environment has the Stripe customer id '${id}'.`);
  }
}

export class MissingUserIdOrOrganizationId extends ApiError {
  static override readonly code = 'missing_user_id_or_organization_id';
  static override readonly status = 400;

  constructor() {
    super("Send 'user_id', 'organization_id', or both.");
  }
}

export class CannotDeactivatePendingMembership extends ApiError {
  static override readonly code = 'cannot_deactivate_pending_organization_membership';
  static override readonly status = 400;

  constructor() {
    super('A pending organization membership cannot be deactivated. This membership should be deleted instead.');
  }
}

export class CannotReactivatePendingMembership extends ApiError {
  static override readonly code = 'cannot_reactivate_pending_organization_membership';
  static override readonly status = 400;

  constructor() {
    super('A pending organization membership cannot be reactivated. The user accepts the invitation instead.');
  }
}

export class UserAlreadyOrganizationMember extends ApiError {
  static override readonly code = 'user_already_organization_member';
  static override readonly status = 400;

  constructor(email: string) {
    super(`The user with the address '${email}' is a member of this organization already.`);
  }
}

export class InvalidRole extends ApiError {
  static override readonly code = 'invalid_role';
  static override readonly status = 422;

  constructor(slug: string) {
    super(`Role '${slug.slice(0, 64)}' is not a valid role.`);
  }
}

export class EmailAlreadyInvitedToOrganization extends ApiError {
  static override readonly code = 'email_already_invited_to_organization';
  static override readonly status = 400;

  constructor(email: string) {
    super(`There is an open invitation to this organization for '${email}' already. Resend or revoke it.`);
  }
}

export class EmailAlreadyInvited extends ApiError {
  static override readonly code = 'email_already_invited';
  static override readonly status = 400;

  constructor(email: string) {
    super(`There is an open invitation for '${email}' already. Resend or revoke it.`);
  }
}

/** Somebody with an account needs no invitation to make one. */
export class UserAlreadyExists extends ApiError {
  static override readonly code = 'user_already_exists';
  static override readonly status = 400;

  constructor(email: string) {
    super(`There is a user with the address '${email}' already.`);
  }
}

export class ExpiresInDaysTooShort extends ApiError {
  static override readonly code = 'expires_in_days_too_short';
  static override readonly status = 400;

  constructor() {
    super("'expires_in_days' is at least 1.");
  }
}

export class ExpiresInDaysTooLong extends ApiError {
  static override readonly code = 'expires_in_days_too_long';
  static override readonly status = 400;

  constructor() {
    super("'expires_in_days' is at most 30.");
  }
}

export class InviteNotPending extends ApiError {
  static override readonly code = 'invite_not_pending';
  static override readonly status = 400;

  constructor() {
    super('Invite is not pending.');
  }
}

export class InvalidInvite extends ApiError {
  static override readonly code = 'invalid_invite';
  static override readonly status = 400;
}

export class InviteHasAcceptedUserId extends ApiError {
  static override readonly code = 'invite_has_accepted_user_id';
  static override readonly status = 400;

  constructor() {
    super('Invite has been accepted by a user already.');
  }
}

export class InviteExpired extends ApiError {
  static override readonly code = 'invite_expired';
  static override readonly status = 400;

  constructor() {
    super('Invite has expired.');
  }
}

export class InviteRevoked extends ApiError {
  static override readonly code = 'invite_revoked';
  static override readonly status = 400;

  constructor() {
    super('Invite has been revoked.');
  }
}

export class InviteAccepted extends ApiError {
  static override readonly code = 'invite_accepted';
  static override readonly status = 400;

  constructor() {
    super('Invite has already been accepted.');
  }
}

export class WaitlistEntryNotPending extends ApiError {
  static override readonly code = 'waitlist_entry_not_pending';
  static override readonly status = 422;

  constructor() {
    super('This person is not waiting any more.');
  }
}

/** Told to apps at the token endpoint; the management API says `entity_not_found`. */
export class OrganizationNotFound extends OAuthError {
  static override readonly code = 'organization_not_found';

  constructor(organizationId: string) {
    super(`Organization not found: '${organizationId}'.`);
  }
}

/** The person is no active member of the organization they asked for. */
export class OrganizationMembershipNotFound extends OAuthError {
  static override readonly code = 'organization_membership_not_found';

  constructor(organizationId: string) {
    super(`The user is not a member of the organization '${organizationId}'.`);
  }
}

/** Unknown here, accepted, revoked or expired: one and the same answer. */
export class InvitationInvalid extends OAuthError {
  static override readonly code = 'invitation_invalid';

  constructor() {
    super('The invitation is unknown, has been used or revoked, or has expired.');
  }
}

export class InvitationCannotBeUsedForEmail extends OAuthError {
  static override readonly code = 'invitation_cannot_be_used_for_email';

  constructor() {
    super('The invitation was sent to another address. Sign in with the one that was invited.');
  }
}
