-- Which environment does a Bearer key open? Only hashes are kept: a copy of this table opens nothing.
-- A revoked key keeps its row, so that its hash can never become valid again.

create table api_keys (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  name text not null,
  key_hash text collate bytewise not null,
  obfuscated_value text not null,
  created_by text,
  last_used_at bigint,
  revoked_at bigint,
  created_at bigint not null
);
create unique index api_keys_hash on api_keys (key_hash);
create index api_keys_list on api_keys (environment_id, created_at, id);
