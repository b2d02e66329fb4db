-- What the ground floor keeps: work to be done after a commit, answers already given, and counts against limits.
-- Times are milliseconds since 1970 (bigint), booleans 0/1, JSON is text: the subset both engines agree on.

create table jobs (
  id text collate bytewise primary key,
  kind text not null,
  sealed_payload text not null,
  run_at bigint not null,
  attempts bigint not null,
  leased_until_at bigint,
  failed_at bigint,
  created_at bigint not null
);
create index jobs_due on jobs (run_at, id) where failed_at is null;

-- One row per Idempotency-Key in use: `sealed_answer` is null while the first request still runs.
create table idempotency_keys (
  id text collate bytewise primary key,
  request_hash text not null,
  sealed_answer text,
  created_at bigint not null,
  expires_at bigint not null
);
create index idempotency_keys_expiry on idempotency_keys (expires_at);

create table counters (
  id text collate bytewise primary key,
  count bigint not null,
  ends_at bigint not null
);
create index counters_expiry on counters (ends_at);
