-- Whose address was once in a domain that the organization had proved? Another address, or a domain that goes, makes no guest of
-- them: the person chooses the one.

alter table organization_memberships add column is_own bigint not null default 0;
