-- What happened, written in the transaction that made it happen. Webhooks, the events API and the dashboard's
-- timelines read from here; rows are never changed.

create table events (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  name text not null,
  data_json text not null,
  actor_json text not null,
  user_id text collate bytewise,
  created_at bigint not null
);
create index events_by_environment on events (environment_id, created_at, id);
create index events_by_user on events (environment_id, user_id, created_at, id);
create index events_by_name on events (environment_id, name, created_at);
