-- A session is what an app was handed; its refresh token is derived from the row (see docs/decisions), so no token is
-- stored, used ones leave no rows behind, and `refresh_generation` is what one atomic update moves.

create table sessions (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  user_id text collate bytewise not null,
  client_id text collate bytewise not null,
  browser_session_id text collate bytewise,
  organization_id text collate bytewise,
  authentication_method text not null,
  ip_address text,
  user_agent text,
  refresh_generation bigint not null,
  refreshed_at bigint,
  last_jti text,
  authenticated_at bigint not null,
  idle_expires_at bigint not null,
  expires_at bigint not null,
  ended_at bigint,
  end_reason text,
  created_at bigint not null,
  updated_at bigint not null
);
create index sessions_by_user on sessions (environment_id, user_id, created_at, id);
create index sessions_by_browser on sessions (environment_id, browser_session_id);

-- The person's sign-in at our own pages, one per browser and environment. Sessions handed to apps point to it, and
-- ending one of them ends it.
create table browser_sessions (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  token_hash text collate bytewise not null unique,
  user_id text collate bytewise not null,
  authentication_method text not null,
  authenticated_at bigint not null,
  idle_expires_at bigint not null,
  expires_at bigint not null,
  ended_at bigint,
  created_at bigint not null
);
create index browser_sessions_by_user on browser_sessions (environment_id, user_id);
