-- How do the people of an organization sign in at their own identity provider? A connection is one provider of one
-- organization. `client_id` and `sealed_secret` are how we present ourselves to an OpenID provider, `certificates_json`
-- what a SAML provider signs with; which of the two a connection speaks follows from its `connection_type`.

create table connections (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  organization_id text collate bytewise not null,
  name text not null,
  name_key text not null,
  connection_type text collate bytewise not null,
  state text collate bytewise not null,
  issuer text,
  client_id text,
  sealed_secret text,
  idp_entity_id text,
  sign_on_url text,
  certificates_json text not null,
  is_idp_initiated_allowed bigint not null,
  attribute_mapping_json text not null,
  created_at bigint not null,
  updated_at bigint not null
);
create index connections_newest on connections (environment_id, created_at, id);
create index connections_by_organization on connections (environment_id, organization_id, created_at, id);

-- Whom a provider has named. Known by the provider's own subject, never by an address; `user_id` is set once it is proved
-- whose it is.
create table sso_profiles (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  organization_id text collate bytewise not null,
  connection_id text collate bytewise not null,
  subject text collate bytewise not null,
  user_id text collate bytewise,
  email text,
  first_name text,
  last_name text,
  name text,
  groups_json text not null,
  attributes_json text not null,
  created_at bigint not null,
  updated_at bigint not null
);
create unique index sso_profiles_subject on sso_profiles (connection_id, subject);
create index sso_profiles_by_user on sso_profiles (environment_id, user_id);

-- One trip to a provider: `state` is kept as a hash, what ties the answer to it sealed, and one update spends the row.
-- `purpose_json` says for whom: a sign-in at our pages, or a client of `/sso/authorize`.
create table sso_trips (
  state_hash text collate bytewise primary key,
  environment_id text collate bytewise not null,
  connection_id text collate bytewise not null,
  purpose_json text not null,
  sealed_checks text not null,
  redeemed_at bigint,
  expires_at bigint not null,
  created_at bigint not null
);
create index sso_trips_expiry on sso_trips (expires_at);

-- What a provider answered, until the browser that brought it has shown that the sign-in is its own. The ticket is known
-- to that browser alone. `attempt_id` is null for a sign-in that began at the provider.
create table sso_answers (
  ticket_hash text collate bytewise primary key,
  environment_id text collate bytewise not null,
  connection_id text collate bytewise not null,
  attempt_id text collate bytewise,
  sealed_result text not null,
  redeemed_at bigint,
  expires_at bigint not null,
  created_at bigint not null
);
create index sso_answers_expiry on sso_answers (expires_at);

-- What clients of the standalone API hold: codes, access tokens, sign-out tokens. One kind is no good as another.
create table sso_grants (
  token_hash text collate bytewise primary key,
  kind text collate bytewise not null,
  environment_id text collate bytewise not null,
  client_id text collate bytewise not null,
  profile_id text collate bytewise not null,
  redeemed_at bigint,
  expires_at bigint not null,
  created_at bigint not null
);
create index sso_grants_expiry on sso_grants (expires_at);
create index sso_grants_by_profile on sso_grants (environment_id, profile_id);

-- SAML assertions that were used, until they expire: each counts once, on every node and over restarts.
create table sso_assertions (
  connection_id text collate bytewise not null,
  assertion_id text collate bytewise not null,
  expires_at bigint not null,
  primary key (connection_id, assertion_id)
);
create index sso_assertions_expiry on sso_assertions (expires_at);

-- Whether whoever signs in at an organization's provider, with an address of a domain it has proved, becomes a member.
alter table organizations add column is_joined_by_sso bigint not null default 1;
