-- What does somebody present besides their first proof, and was it presented before? `last_step` is the newest 30-second
-- step whose code was accepted: one conditional update moves it, so no code is accepted twice. A factor without
-- `verified_at` was begun and never proved; it protects nothing. `user_id` is null for factors of an application that
-- keeps its users elsewhere.

create table auth_factors (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  user_id text collate bytewise,
  type text not null,
  issuer text,
  account text,
  sealed_seed text,
  last_step bigint not null,
  verified_at bigint,
  created_at bigint not null,
  updated_at bigint not null
);
create index auth_factors_by_user on auth_factors (environment_id, user_id, created_at, id);
create index auth_factors_unverified on auth_factors (created_at) where verified_at is null;

-- A question put to one factor: `tries` counts codes that were looked at, `redeemed_at` says that it was answered.
-- `bound_to` is the sign-in it was first answered in; no other can use it. `code_mac` is set where the code is ours.
create table auth_challenges (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  factor_id text collate bytewise not null,
  code_mac text,
  mac_key_id text,
  bound_to text collate bytewise,
  tries bigint not null,
  expires_at bigint not null,
  redeemed_at bigint,
  created_at bigint not null,
  updated_at bigint not null
);
create index auth_challenges_by_factor on auth_challenges (factor_id);
create index auth_challenges_expiry on auth_challenges (expires_at);

-- For the day the phone is gone. Kept as keyed hashes bound to their user.
create table recovery_codes (
  environment_id text collate bytewise not null,
  user_id text collate bytewise not null,
  code_mac text collate bytewise not null,
  mac_key_id text not null,
  redeemed_at bigint,
  created_at bigint not null,
  primary key (environment_id, user_id, code_mac)
);
