-- Whose request is this, and where may a browser be sent afterwards? Environments hold everything else; what an app
-- registers with us hangs from its application, so that an environment can have a second one without moving data.
-- The partial indexes keep at most one default per list, whoever writes.

create table environments (
  id text collate bytewise primary key,
  name text not null,
  kind text not null check (kind in ('staging', 'production')),
  is_hidden bigint not null,
  is_email_verification_required bigint not null,
  sign_up_names text not null check (sign_up_names in ('off', 'optional', 'required')),
  access_token_seconds bigint not null,
  session_idle_seconds bigint not null,
  session_max_seconds bigint not null,
  has_strict_redirects bigint not null,
  is_checklist_dismissed bigint not null,
  created_at bigint not null,
  updated_at bigint not null
);
create index environments_list on environments (created_at, id);

create table applications (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  name text not null,
  client_id text collate bytewise not null,
  sign_in_endpoint text,
  created_at bigint not null,
  updated_at bigint not null
);
create unique index applications_client on applications (client_id);
create index applications_list on applications (environment_id, created_at, id);

create table redirect_uris (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  application_id text collate bytewise not null,
  uri text collate bytewise not null,
  is_default bigint not null,
  created_at bigint not null,
  updated_at bigint not null
);
create unique index redirect_uris_uri on redirect_uris (application_id, uri);
create unique index redirect_uris_default on redirect_uris (application_id) where is_default = 1;
create index redirect_uris_list on redirect_uris (environment_id, created_at, id);

create table sign_out_redirects (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  application_id text collate bytewise not null,
  uri text collate bytewise not null,
  is_default bigint not null,
  created_at bigint not null,
  updated_at bigint not null
);
create unique index sign_out_redirects_uri on sign_out_redirects (application_id, uri);
create unique index sign_out_redirects_default on sign_out_redirects (application_id) where is_default = 1;
create index sign_out_redirects_list on sign_out_redirects (environment_id, created_at, id);

create table cors_origins (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  application_id text collate bytewise not null,
  origin text collate bytewise not null,
  created_at bigint not null,
  updated_at bigint not null
);
create unique index cors_origins_origin on cors_origins (application_id, origin);
create index cors_origins_any on cors_origins (origin);
create index cors_origins_list on cors_origins (environment_id, created_at, id);

-- What the set-up checklist cannot see in the tables above: what a person confirmed, and what has happened.
create table checklist_steps (
  environment_id text collate bytewise not null,
  step text collate bytewise not null,
  has_happened bigint not null,
  confirmed_at bigint,
  primary key (environment_id, step)
);
