-- With which keys of ours do we sign requests to a SAML provider, and open what it encrypts for us? A connection has one, and
-- two while it changes to another. The private half is sealed; the certificate is what our metadata shows.

create table saml_keys (
  environment_id text collate bytewise not null,
  connection_id text collate bytewise not null,
  number bigint not null,
  sealed_private_key text not null,
  certificate text not null,
  created_at bigint not null,
  primary key (connection_id, number)
);

-- Whether requests are signed; providers that demand it say so in their metadata.
alter table connections add column is_request_signed bigint not null default 0;
