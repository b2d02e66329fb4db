-- Which passwords may a user not come back to? Only filled where the environment asks for it, and gone with the user.

create table password_history (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  user_id text collate bytewise not null,
  hash text not null,
  hash_type text not null,
  salt_position text,
  -- When another one took its place.
  created_at bigint not null
);
create index password_history_by_user on password_history (environment_id, user_id, created_at, id);
