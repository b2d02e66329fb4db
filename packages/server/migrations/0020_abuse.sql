-- Which passwords may a user not come back to? Only filled where the environment asks for it, and gone with the user.

create table password_history (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  user_id text collate bytewise not null,
  hash text not null,
  hash_type text not null,
  salt_position text,
  -- When another one took its place.
  created_at bigint not null
);
create index password_history_by_user on password_history (environment_id, user_id, created_at, id);

-- Which environments have hashes of other systems still? Checking those takes another time than checking ours, which
-- would tell whose address has an account; see `imported-cost.ts`.

alter table passwords add column is_imported bigint not null default 0;
update passwords set is_imported = 1 where hash_type <> 'argon2';
create index passwords_imported on passwords (environment_id) where is_imported = 1;

-- When was the refresh token before the last one used? Its replay window may still be open when its successor was used
-- as well.

alter table sessions add column previous_refreshed_at bigint;

-- Which proofs of work made an account already? A solution counts once, on all nodes together.

create table spent_proofs (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  expires_at bigint not null
);
create index spent_proofs_expiry on spent_proofs (expires_at);

-- From which browsers has somebody signed in? A sign-in from another one is worth a mail. What is kept of a browser is the
-- hash of a random value in its cookie.

create table known_devices (
  user_id text collate bytewise not null,
  device_hash text collate bytewise not null,
  environment_id text collate bytewise not null,
  first_seen_at bigint not null,
  last_seen_at bigint not null,
  primary key (user_id, device_hash)
);
create index known_devices_by_age on known_devices (last_seen_at);
