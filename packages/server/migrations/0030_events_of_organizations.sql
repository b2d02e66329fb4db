-- What happened to one organization, newest first? Events that were recorded before have no organization here: which one
-- they are about stands inside their data, where the two engines read it in different words.

alter table events add column organization_id text collate bytewise;
create index events_by_organization on events (environment_id, organization_id, created_at, id);
