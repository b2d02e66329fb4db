-- Which roles do the groups that an identity provider names somebody in give them in its organization? A list of
-- {group, role}, the role that counts first first; an empty one leaves the roles to whoever gives them by hand.

alter table connections add column group_roles_json text not null default '[]';
