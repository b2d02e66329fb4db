-- What of an account is its operator's word, and what was said by whoever held it before its owner proved the inbox?

-- Names and picture are what somebody at the pages, or their provider's account, said of them.
alter table users add column is_self_described bigint not null default 0;
-- Somebody has proved an address of it, this one or another, or the operator vouched for one.
alter table users add column has_had_owner bigint not null default 0;
update users set has_had_owner = is_email_verified;
