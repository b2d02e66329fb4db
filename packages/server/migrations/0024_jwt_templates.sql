-- Which claims of its own does an environment put into access tokens? One template, as it was written; it is checked
-- when it is saved and read from a cache at every sign-in and refresh.

create table jwt_templates (
  environment_id text collate bytewise primary key,
  content text not null,
  created_at bigint not null,
  updated_at bigint not null
);
