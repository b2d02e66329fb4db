import { getRouteApi } from '@tanstack/react-router';
import { CurlSnippet } from '../parts/code-block.tsx';
import { ListPage } from '../parts/list-page.tsx';
import { useInvitations } from './invitation-queries.ts';
import { InvitationTable } from './invitation-table.tsx';
import { InviteDialog } from './invite-dialog.tsx';

const route = getRouteApi('/invitations');

/** Whom the environment has invited, to an organization or to the application alone. */
export function InvitationsPage() {
  const { search, after, before } = route.useSearch();
  return (
    <ListPage
      title="Invitations"
      sentence="Everyone who was invited, to an organization or to the application alone."
      nouns={['invitation', 'invitations']}
      placeholder="Search by the whole email address"
      query={useInvitations({ email: search, after, before })}
      nothing="No invitation"
      empty={{
        sentence:
          'Nobody has been invited. A mail brings a link, with which they sign up, also where sign-up is closed.',
        snippet: (
          <CurlSnippet
            title="Invite somebody over the API"
            method="POST"
            path="/user_management/invitations"
            body={{ email: 'grace@example.com' }}
          />
        ),
      }}
      create={{ verb: 'Invite', Dialog: InviteToApplication }}
    >
      {(rows) => <InvitationTable rows={rows} toMany />}
    </ListPage>
  );
}

/** Into an organization somebody is invited on its own page. */
const InviteToApplication = (props: { readonly open: boolean; readonly onOpenChange: (open: boolean) => void }) => (
  <InviteDialog organization={null} {...props} />
);
