-- One sign-in attempt: what the app asked for, what the person has proved so far. The browser holds only the public id
-- (in the address) and a secret (in a cookie); everything that decides lives here and cannot be changed from outside.

create table sign_in_attempts (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  client_id text collate bytewise not null,
  secret_hash text collate bytewise not null,
  request_json text not null,
  email text,
  user_id text collate bytewise,
  proven_json text not null,
  sign_up_json text,
  code_sent_at bigint,
  version bigint not null,
  finished_at bigint,
  expires_at bigint not null,
  created_at bigint not null
);
create index sign_in_attempts_expiry on sign_in_attempts (expires_at);
