-- From which browser did somebody ask for an authorization code? It is exchanged by the app's server, which says nothing of them.

alter table authorization_codes add column ip_address text;
alter table authorization_codes add column user_agent text;
