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
