-- Through whose mail server does an environment's mail leave, what did not leave and why, to whom does nothing go any
-- more, and by which name of its own do people reach it?

-- At most one per environment. Switched off it stays here, so that it can be switched on again.
create table mail_providers (
  environment_id text collate bytewise primary key,
  preset text not null check (preset in ('ses', 'postmark', 'resend', 'sendgrid', 'mailgun', 'smtp')),
  host text collate bytewise not null,
  port bigint not null,
  security text not null check (security in ('tls', 'starttls', 'none')),
  -- Null together: the server asks for no login.
  username text,
  sealed_password text,
  from_address text not null,
  from_name text,
  reply_to text,
  is_enabled bigint not null,
  created_at bigint not null,
  updated_at bigint not null
);

-- One row per mail that could not be handed over, until it could: its outbox entry holds the mail itself.
create table mail_failures (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  job_id text collate bytewise not null,
  recipient text not null,
  template text not null,
  reason text not null,
  message text not null,
  tries bigint not null,
  is_given_up bigint not null,
  created_at bigint not null,
  tried_at bigint not null
);
create index mail_failures_list on mail_failures (environment_id, created_at, id);

-- `address` is in lower case.
create table suppressed_addresses (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  address text not null,
  reason text not null check (reason in ('refused', 'operator')),
  -- What the mail server said, or the operator.
  detail text,
  created_at bigint not null
);
create unique index suppressed_addresses_address on suppressed_addresses (environment_id, address);
create index suppressed_addresses_list on suppressed_addresses (environment_id, created_at, id);

-- Several environments may be about to prove one name; one can, and one of an environment's names is in use.
-- The token stands in public DNS, so it is no secret.
create table custom_domains (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  -- Lower-case A-labels.
  name text collate bytewise not null,
  state text not null check (state in ('pending', 'verified', 'active')),
  token text not null,
  -- What the last look at DNS saw.
  has_record bigint not null,
  is_pointed_here bigint not null,
  checked_at bigint,
  created_at bigint not null,
  updated_at bigint not null
);
create unique index custom_domains_name on custom_domains (environment_id, name);
create unique index custom_domains_proved on custom_domains (name) where state <> 'pending';
create unique index custom_domains_active on custom_domains (environment_id) where state = 'active';
