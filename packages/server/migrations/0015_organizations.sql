-- Who belongs together? Organizations, the domains they proved, who is a member in which role, who was asked to join, and
-- who waits to be let in.

create table organizations (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  name text not null,
  -- The name in lower case, for the search.
  name_key text not null,
  external_id text collate bytewise,
  stripe_customer_id text collate bytewise,
  metadata_json text not null,
  is_open_to_outside_profiles bigint not null,
  -- Policy: null means whatever the environment allows.
  sign_in_methods_json text,
  mfa text not null check (mfa in ('inherit', 'required')),
  is_joined_by_domain bigint not null,
  created_at bigint not null,
  updated_at bigint not null
);
create unique index organizations_external_id on organizations (environment_id, external_id);
create unique index organizations_stripe on organizations (environment_id, stripe_customer_id);
create index organizations_list on organizations (environment_id, created_at, id);

-- The token stands in public DNS, so it is no secret. Several organizations may try to prove one domain; one can.
create table organization_domains (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  organization_id text collate bytewise not null,
  domain text collate bytewise not null,
  state text not null check (state in ('pending', 'verified', 'failed')),
  verification_strategy text not null check (verification_strategy in ('dns', 'manual')),
  verification_prefix text not null,
  verification_token text not null,
  -- Set while the record is looked for in the background: since when, and when next.
  started_at bigint,
  next_check_at bigint,
  created_at bigint not null,
  updated_at bigint not null
);
create unique index organization_domains_domain on organization_domains (organization_id, domain);
create unique index organization_domains_verified on organization_domains (environment_id, domain) where state = 'verified';
create index organization_domains_by_domain on organization_domains (environment_id, domain);
create index organization_domains_due on organization_domains (next_check_at) where next_check_at is not null;

create table organization_memberships (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  organization_id text collate bytewise not null,
  user_id text collate bytewise not null,
  status text not null check (status in ('active', 'inactive', 'pending')),
  -- Slugs, the first of them the one that `role` shows.
  roles_json text not null,
  created_at bigint not null,
  updated_at bigint not null
);
create unique index organization_memberships_pair on organization_memberships (environment_id, organization_id, user_id);
create index organization_memberships_of_user on organization_memberships (environment_id, user_id, created_at, id);
create index organization_memberships_list on organization_memberships (environment_id, organization_id, created_at, id);

-- The token is found by its hash. The contract shows it again and a reminder mails it again, so it is also kept, sealed.
create table invitations (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  organization_id text collate bytewise,
  email text not null,
  email_key text collate bytewise not null,
  role_slug text,
  inviter_user_id text collate bytewise,
  accepted_user_id text collate bytewise,
  locale text,
  token_hash text collate bytewise not null,
  sealed_token text not null,
  -- Neither accepted nor revoked, and not seen to have expired: of these there is one per address and organization.
  is_open bigint not null,
  expires_at bigint not null,
  accepted_at bigint,
  revoked_at bigint,
  created_at bigint not null,
  updated_at bigint not null
);
create unique index invitations_token on invitations (token_hash);
create unique index invitations_open on invitations (environment_id, email_key, coalesce(organization_id, '')) where is_open = 1;
create index invitations_list on invitations (environment_id, created_at, id);
create index invitations_by_organization on invitations (environment_id, organization_id, created_at, id);
create index invitations_by_email on invitations (environment_id, email_key, created_at, id);

create table waitlist_users (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  email text not null,
  email_key text collate bytewise not null,
  state text not null check (state in ('pending', 'approved', 'denied')),
  fields_json text not null,
  approved_at bigint,
  created_at bigint not null,
  updated_at bigint not null
);
create unique index waitlist_users_email on waitlist_users (environment_id, email_key);
create index waitlist_users_list on waitlist_users (environment_id, created_at, id);
