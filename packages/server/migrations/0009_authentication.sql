-- Which six-digit code proves an address right now? One row per user, so a new code puts the one before it out of force
-- by replacing it. `code_mac` is a keyed hash: a million codes are quickly tried against a plain one. `tries` counts
-- codes that were looked at, `redeemed_at` says that the code was used.

create table email_verifications (
  id text collate bytewise not null,
  environment_id text collate bytewise not null,
  user_id text collate bytewise not null,
  email text not null,
  code_mac text not null,
  mac_key_id text not null,
  tries bigint not null,
  expires_at bigint not null,
  redeemed_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  primary key (environment_id, user_id)
);
create unique index email_verifications_id on email_verifications (id);
create index email_verifications_expiry on email_verifications (expires_at);
