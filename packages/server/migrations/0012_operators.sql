-- Who administers this installation. The people themselves are users of the built-in environment "Dashboard".

create table operators (
  user_id text collate bytewise primary key,
  role text not null,
  created_at bigint not null
);

-- One row, written by whoever becomes the owner: the set-up link closes for good with it.
create table installation (
  id text collate bytewise primary key,
  owner_id text collate bytewise not null,
  created_at bigint not null
);

create table operator_sessions (
  token_hash text collate bytewise primary key,
  session_id text collate bytewise not null,
  user_id text collate bytewise not null,
  created_at bigint not null
);
create index operator_sessions_by_session on operator_sessions (session_id);
