-- Which device waits for which person's answer? A row per request of RFC 8628: the long code by its hash, the short one,
-- which could be guessed offline, by its keyed MAC. Polling moves the row, so that "slow down" is counted once for all
-- nodes, and one update hands out the tokens.

create table device_authorizations (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  client_id text collate bytewise not null,
  device_code_hash text collate bytewise not null unique,
  user_code_mac text collate bytewise not null unique,
  ip_address text,
  user_agent text,
  interval_seconds bigint not null,
  last_polled_at bigint,
  is_polled_too_soon bigint not null,
  answer text check (answer in ('approved', 'denied')),
  answered_at bigint,
  user_id text collate bytewise,
  browser_session_id text collate bytewise,
  organization_id text collate bytewise,
  authentication_method text,
  proven_json text,
  authenticated_at bigint,
  redeemed_at bigint,
  session_id text collate bytewise,
  expires_at bigint not null,
  created_at bigint not null
);
create index device_authorizations_expiry on device_authorizations (expires_at);
create index device_authorizations_by_user on device_authorizations (environment_id, user_id);
