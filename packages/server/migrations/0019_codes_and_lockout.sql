-- How often may somebody still try to prove who they are? One row per person and way of trying. `owner_id` is the user,
-- or a keyed hash of an address that has none, which is counted the same way so that nothing tells the two apart.
-- `failures` counts those in a row, each counted before its secret is looked at; `locked_at` ends that way of trying
-- until another way succeeds or an operator says so.

create table sign_in_tries (
  environment_id text collate bytewise not null,
  owner_id text collate bytewise not null,
  method text not null,
  failures bigint not null,
  window_tries bigint not null,
  window_ends_at bigint not null,
  next_try_at bigint not null,
  locked_at bigint,
  updated_at bigint not null,
  primary key (environment_id, owner_id, method)
);
create index sign_in_tries_age on sign_in_tries (updated_at);

-- Which six digits prove something right now? One row per person and purpose, so a new code puts the one before it out of
-- force by replacing it. `owner_id` is the user, or a keyed hash of an address that has none: such a row is never right,
-- and is tried, counted and resent like any other. `code_mac` is a keyed hash, because a million codes are quickly tried
-- against a plain one; `sealed_code` is for the API, which hands the code out again. `attempt_id` is the sign-in that asked
-- for it at our pages, and then the only one that may use it. It takes the place of
-- `email_verifications`, whose codes lived for ten minutes.

create table one_time_codes (
  id text collate bytewise not null,
  environment_id text collate bytewise not null,
  purpose text not null,
  owner_id text collate bytewise not null,
  email text not null,
  code_mac text not null,
  mac_key_id text not null,
  sealed_code text,
  attempt_id text collate bytewise,
  tries bigint not null,
  expires_at bigint not null,
  redeemed_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (environment_id, purpose, owner_id)
);
create unique index one_time_codes_id on one_time_codes (id);
create index one_time_codes_expiry on one_time_codes (expires_at);
drop table email_verifications;

-- Which link sets a new password? The newest one of a user only. `token_hash` finds it; `sealed_token` is for the API,
-- which hands the link out again. `email` is the inbox the link went to, and so the one it proves;
-- `attempt_id` is the sign-in that asked for it, which goes on with it in the browser it began in.

create table password_resets (
  id text collate bytewise not null,
  environment_id text collate bytewise not null,
  user_id text collate bytewise not null,
  email text not null,
  token_hash text collate bytewise not null,
  sealed_token text not null,
  attempt_id text collate bytewise,
  expires_at bigint not null,
  redeemed_at bigint,
  created_at bigint not null,
  primary key (environment_id, user_id)
);
create unique index password_resets_id on password_resets (id);
create unique index password_resets_token on password_resets (token_hash);
create index password_resets_expiry on password_resets (expires_at);
