-- Each environment signs with its own keys: clients check only signature and expiry, so a shared key would open other
-- tenants' apps. The private half is sealed; the certificate and public half are what JWKS shows.

create table signing_keys (
  id text collate bytewise primary key,
  environment_id text collate bytewise not null,
  algorithm text not null,
  sealed_private_key text not null,
  public_jwk_json text not null,
  active_from_at bigint not null,
  remove_at bigint,
  created_at bigint not null
);
create index signing_keys_by_environment on signing_keys (environment_id, active_from_at, id);

-- The first key of an environment is made once, whichever request comes first.
create table signing_key_starts (
  environment_id text collate bytewise primary key
);
