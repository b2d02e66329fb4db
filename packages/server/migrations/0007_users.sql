-- Who may sign in to an environment's applications, what proves it, and how an administrator finds them again.

create table users (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  -- As given, its domain in lower-case A-labels; `email_key` is what addresses are compared by.
  email text not null,
  email_key text collate bytewise not null,
  is_email_verified bigint not null,
  first_name text,
  last_name text,
  name text,
  profile_picture_url text,
  external_id text collate bytewise,
  metadata_json text not null,
  locale text,
  last_sign_in_at bigint,
  created_at bigint not null,
  updated_at bigint not null
);
create unique index users_by_email on users (environment_id, email_key);
create unique index users_by_external_id on users (environment_id, external_id);
create index users_by_environment on users (environment_id, created_at, id);

-- One per user who has a password. `hash` is ours, or what another system exported until its owner signs in.
create table passwords (
  user_id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  hash text not null,
  hash_type text not null,
  salt_position text,
  updated_at bigint not null
);

-- What a user is found by in the dashboard: folded words, matched by prefix. Written with the user's row.
create table user_search_terms (
  environment_id text collate bytewise not null,
  user_id text collate bytewise not null,
  term text collate bytewise not null,
  primary key (user_id, term)
);
create index user_search_terms_by_term on user_search_terms (environment_id, term, user_id);
