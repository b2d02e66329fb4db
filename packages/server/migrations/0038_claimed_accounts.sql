-- What of an account is its operator's word, and what was said by whoever held it before its owner proved the inbox?

-- Names and picture are what somebody at the pages, or their provider's account, said of them.
alter table users add column is_self_described bigint not null default 0;
