-- Until when is somebody an invited member? As long as the invitation can be accepted that made them one, whatever has become
-- of their address since. It counts for pending members alone.

alter table organization_memberships add column invitation_id text collate bytewise;
update organization_memberships set invitation_id = (
  select i.id from invitations as i join users as u on u.environment_id = i.environment_id and u.email_key = i.email_key
  where u.id = organization_memberships.user_id and i.environment_id = organization_memberships.environment_id
    and i.organization_id = organization_memberships.organization_id and i.is_open = 1)
where status = 'pending';
create index organization_memberships_pending on organization_memberships (invitation_id) where status = 'pending';
