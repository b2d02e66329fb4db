-- Of which certificates of SAML connections has it been told that they run out, and how long before? A row is written by
-- whichever node tells first, so that each step is told once; another certificate starts anew.

create table saml_certificate_notices (
  environment_id text collate bytewise not null,
  connection_id text collate bytewise not null,
  certificate_type text collate bytewise not null,
  fingerprint text collate bytewise not null,
  days bigint not null,
  created_at bigint not null,
  primary key (connection_id, certificate_type, fingerprint, days)
);
