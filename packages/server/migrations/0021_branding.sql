-- How does an environment look to its people? One draft that an operator works on, what people see, and what they saw
-- before, so that a publication can be taken back. Read and written as a whole. Null stands for our own look.

create table branding (
  environment_id text collate bytewise primary key,
  draft_json text not null,
  published_json text,
  previous_json text,
  published_at bigint,
  updated_at bigint not null
);

-- Logos and icons, small enough to be rows. `content` is base64; `id` is a hash of it and the environment, so an address
-- never shows anything else and browsers may keep it for ever.
create table branding_images (
  environment_id text collate bytewise not null,
  id text collate bytewise not null,
  media_type text not null,
  width bigint not null,
  height bigint not null,
  content text not null,
  created_at bigint not null,
  primary key (environment_id, id)
);
