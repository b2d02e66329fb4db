-- Authorization codes: looked up by hash, spent by one update, and kept after that so that a second use is seen.

create table authorization_codes (
  code_hash text collate bytewise primary key,
  environment_id text collate bytewise not null,
  client_id text collate bytewise not null,
  redirect_uri text not null,
  user_id text collate bytewise not null,
  browser_session_id text collate bytewise,
  organization_id text collate bytewise,
  authentication_method text not null,
  code_challenge text,
  has_secret_required bigint not null,
  authenticated_at bigint not null,
  expires_at bigint not null,
  redeemed_at bigint,
  redeemed_by_hash text,
  session_id text collate bytewise,
  created_at bigint not null
);
create index authorization_codes_expiry on authorization_codes (expires_at);
