-- Which codes and links prove something right now? Several of one person: whoever knows an address can ask for one, and
-- must not put the one out of force that its owner was just mailed. A sign-in at our pages has one of its own, which a
-- newer one for the same sign-in replaces; those that an app asks for (no `attempt_id`, and so never equal to one another)
-- stand beside each other. How many there are is bounded by how many mails an address is sent. `waived_at` says that the
-- code had the one try for which its owner did not have to wait out the wrong guesses of others.

create table new_one_time_codes (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  purpose text not null,
  owner_id text collate bytewise not null,
  email text not null,
  code_mac text not null,
  mac_key_id text not null,
  sealed_code text,
  attempt_id text collate bytewise,
  tries bigint not null,
  waived_at bigint,
  expires_at bigint not null,
  redeemed_at bigint,
  created_at bigint not null,
  updated_at bigint not null
);
insert into new_one_time_codes (id, environment_id, purpose, owner_id, email, code_mac, mac_key_id, sealed_code, attempt_id,
    tries, expires_at, redeemed_at, created_at, updated_at)
  select id, environment_id, purpose, owner_id, email, code_mac, mac_key_id, sealed_code, attempt_id,
    tries, expires_at, redeemed_at, created_at, updated_at
  from one_time_codes;
drop table one_time_codes;
alter table new_one_time_codes rename to one_time_codes;
create unique index one_time_codes_owner on one_time_codes (environment_id, purpose, owner_id, attempt_id);
create index one_time_codes_expiry on one_time_codes (expires_at);

create table new_password_resets (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  user_id text collate bytewise not null,
  email text not null,
  token_hash text collate bytewise not null,
  sealed_token text not null,
  attempt_id text collate bytewise,
  expires_at bigint not null,
  redeemed_at bigint,
  created_at bigint not null
);
insert into new_password_resets (id, environment_id, user_id, email, token_hash, sealed_token, attempt_id, expires_at,
    redeemed_at, created_at)
  select id, environment_id, user_id, email, token_hash, sealed_token, attempt_id, expires_at, redeemed_at, created_at
  from password_resets;
drop table password_resets;
alter table new_password_resets rename to password_resets;
create unique index password_resets_user on password_resets (environment_id, user_id, attempt_id);
create unique index password_resets_token on password_resets (token_hash);
create index password_resets_expiry on password_resets (expires_at);
