-- Which operator may become which user, once and soon? The token is in the operator's browser and here is its hash; the
-- reason goes on into the session that comes of it.

create table impersonations (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  user_id text collate bytewise not null,
  operator_id text collate bytewise not null,
  operator_email text not null,
  reason text not null,
  token_hash text collate bytewise not null unique,
  expires_at bigint not null,
  redeemed_at bigint,
  created_at bigint not null
);
create index impersonations_by_user on impersonations (environment_id, user_id);
create index impersonations_expiry on impersonations (expires_at);
