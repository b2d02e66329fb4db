-- How may members sign in to an organization whose address is in none of the domains it has proved? Null: like everybody.

alter table organizations add column guest_sign_in_methods_json text;
