-- What has a sign-in proved, and to which session did it lead? Attempts serve the hosted pages and the API alike, codes
-- of apps with pages of their own lead back to their attempt, and sessions remember what was proved, so that a refresh
-- can ask whether a policy made since is satisfied.

alter table sign_in_attempts add column organization_id text collate bytewise;
alter table sign_in_attempts add column answers_json text not null default '{}';
alter table sign_in_attempts add column impersonator_json text;
create unique index sign_in_attempts_secret on sign_in_attempts (secret_hash);
create index sign_in_attempts_user on sign_in_attempts (environment_id, user_id);

alter table authorization_codes add column attempt_id text collate bytewise;
alter table authorization_codes add column proven_json text not null default '{}';
alter table authorization_codes add column impersonator_json text;

alter table sessions add column proven_json text not null default '{}';
alter table sessions add column impersonator_json text;

-- The organization the person was in last, in this browser; and which browser it is, for the person who wonders.
alter table browser_sessions add column proven_json text not null default '{}';
alter table browser_sessions add column organization_id text collate bytewise;
alter table browser_sessions add column ip_address text;
alter table browser_sessions add column user_agent text;
