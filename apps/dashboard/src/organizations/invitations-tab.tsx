import { Button } from '@radix-ui/themes';
import { getRouteApi } from '@tanstack/react-router';
import { CurlSnippet } from '../parts/code-block.tsx';
import { PagedList } from '../parts/paged-list.tsx';
import { Empty } from '../parts/states.tsx';
import { useInvitations } from './invitation-queries.ts';
import { InvitationTable } from './invitation-table.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import type { Organization } from './queries.ts';

const route = getRouteApi('/organizations/$organizationId');

/** Who was asked to join an organization, and what became of it. */
export function InvitationsTab({ organization }: { organization: Organization }) {
  const { dialog, after, before } = route.useSearch();
  const navigate = route.useNavigate();
  const invitations = useInvitations({ organization_id: organization.id, after, before });
  const ask = (open: boolean) =>
    navigate({ search: (search) => ({ ...search, dialog: open ? 'invite' : undefined }), replace: !open });
  return (
    <>
      <PagedList
        query={invitations}
        nouns={['invitation', 'invitations']}
        tools={
          <div className="tab-tools">
            <Button onClick={() => ask(true)}>Invite</Button>
          </div>
        }
        none={
          <Empty
            sentence="Nobody has been invited. A mail brings a link, with which they sign up or sign in as a member."
            action={<Button onClick={() => ask(true)}>Invite</Button>}
          >
            <CurlSnippet
              title="Invite somebody over the API"
              method="POST"
              path="/user_management/invitations"
              body={{ email: 'grace@example.com', organization_id: organization.id }}
            />
          </Empty>
        }
      >
        {(rows) => <InvitationTable rows={rows} />}
      </PagedList>
      <InviteDialog organization={organization} open={dialog === 'invite'} onOpenChange={ask} />
    </>
  );
}
