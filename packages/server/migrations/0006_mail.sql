-- Where do mails go when there is no mail server? Into the development mailbox, which plays everybody's inbox.
-- `sealed_content` holds sender, recipient, subject and both bodies; `recipient` is the address in lower case, to look
-- for. `sequence` is the order in which mails were queued; `created_at` follows the clock, which a test may move back.

create table mailbox_messages (
  id text collate bytewise primary key,
  recipient text collate bytewise not null,
  sealed_content text not null,
  sequence bigint not null,
  created_at bigint not null
);
create index mailbox_messages_newest on mailbox_messages (sequence, id);
create index mailbox_messages_by_recipient on mailbox_messages (recipient, sequence, id);
