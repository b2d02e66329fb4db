-- With which passkeys may a user sign in, and which questions to a browser are still open? A passkey is a public key;
-- the private one never leaves its authenticator. `credential_id` is the authenticator's name for it. `counter` moves
-- with each use where the authenticator counts, so one that goes back tells of a copy.

create table passkeys (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  user_id text collate bytewise not null,
  credential_id text collate bytewise not null,
  public_key text not null,
  counter bigint not null,
  transports_json text not null,
  aaguid text not null,
  name text not null,
  is_synced bigint not null,
  is_backed_up bigint not null,
  last_used_at bigint,
  created_at bigint not null,
  updated_at bigint not null
);
create unique index passkeys_by_credential on passkeys (environment_id, credential_id);
create index passkeys_by_user on passkeys (environment_id, user_id, created_at, id);

-- By which name authenticators know a user (random, so that it says nothing of the person), and when the offer to make
-- a passkey may be shown again.
create table passkey_users (
  environment_id text collate bytewise not null,
  user_id text collate bytewise not null,
  user_handle text collate bytewise not null,
  is_offer_declined bigint not null,
  offer_again_at bigint,
  primary key (environment_id, user_id)
);

-- `holder` is the sign-in attempt or the session of the browser that was asked; `user_id` whose passkey it must be,
-- where that is known beforehand.
create table passkey_challenges (
  challenge_hash text collate bytewise primary key,
  environment_id text collate bytewise not null,
  purpose text not null,
  holder text collate bytewise not null,
  user_id text collate bytewise,
  redeemed_at bigint,
  expires_at bigint not null,
  created_at bigint not null
);
create index passkey_challenges_expiry on passkey_challenges (expires_at);
create index passkey_challenges_by_user on passkey_challenges (environment_id, user_id);
