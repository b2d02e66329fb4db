-- In which order may somebody follow the events, so that none is ever written behind them? Not in that of the clock: of two
-- transactions the earlier one may commit last. A position is given to what is committed, by one transaction at a time.

alter table events add column position bigint;
drop index events_by_environment;
drop index events_by_user;
drop index events_by_organization;
create unique index events_by_environment on events (environment_id, position);
create index events_by_user on events (environment_id, user_id, position);
create index events_by_organization on events (environment_id, organization_id, position);
create index events_without_position on events (id) where position is null;

create table event_positions (
  id bigint primary key,
  last_position bigint not null
);
