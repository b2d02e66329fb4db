-- Which outside accounts are whose, and how does an environment reach the providers? A provider's account is known by
-- the provider's own subject, never by an address, and belongs to one user of the environment. `is_email_proven` is 0 for
-- one that was linked before anybody had proved the user's address: it ends when somebody does.

create table identities (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  provider text collate bytewise not null,
  subject text collate bytewise not null,
  user_id text collate bytewise not null,
  email text,
  is_email_proven bigint not null,
  created_at bigint not null,
  updated_at bigint not null
);
create unique index identities_subject on identities (environment_id, provider, subject);
create index identities_by_user on identities (environment_id, user_id, created_at, id);

-- What somebody chose for a provider; no row: the defaults of the environment's kind. `sealed_secret` is the client's
-- secret, for Apple the private key that secrets are signed with.
create table social_providers (
  environment_id text collate bytewise not null,
  provider text collate bytewise not null,
  is_enabled bigint not null,
  has_tokens_returned bigint not null,
  position bigint,
  client_id text,
  sealed_secret text,
  key_id text,
  team_id text,
  scopes_json text not null,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (environment_id, provider)
);

-- One trip to a provider: `state` is kept as a hash, nonce and code verifier sealed, and one update spends the row.
create table social_trips (
  state_hash text collate bytewise primary key,
  environment_id text collate bytewise not null,
  attempt_id text collate bytewise not null,
  provider text collate bytewise not null,
  client_id text not null,
  sealed_checks text not null,
  scopes_json text not null,
  redeemed_at bigint,
  expires_at bigint not null,
  created_at bigint not null
);
create index social_trips_expiry on social_trips (expires_at);

-- Tokens of a provider on their way to the app: from the callback to the exchange of the code, and no longer.
create table social_tokens (
  environment_id text collate bytewise not null,
  attempt_id text collate bytewise not null,
  code_hash text collate bytewise,
  user_id text collate bytewise,
  sealed_tokens text not null,
  expires_at bigint not null,
  primary key (environment_id, attempt_id)
);
create index social_tokens_by_code on social_tokens (environment_id, code_hash);
create index social_tokens_expiry on social_tokens (expires_at);
create index social_tokens_by_user on social_tokens (environment_id, user_id);
