import { type Answer, type Body, unwrap } from '@authkit/client';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useDesk } from '../core/environment.tsx';
import { type Cursor, pageSize } from './queries.ts';

export type Invitation = Answer<'/user_management/invitations', 'get'>['data'][number];
export type NewInvitation = Body<'/user_management/invitations', 'post'>;

export interface InvitationsView extends Cursor {
  readonly organization_id?: string | undefined;
  /** A whole address. */
  readonly email?: string | undefined;
}

export function useInvitations(view: InvitationsView) {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('invitations', view),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/user_management/invitations', {
          params: { query: { ...view, limit: pageSize } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
}

export function useInvitationChanges() {
  const { api, key } = useDesk();
  const queries = useQueryClient();
  const onSuccess = () => {
    // An invitation to a user brings a pending membership, which goes with it.
    void queries.invalidateQueries({ queryKey: key('memberships') });
    return queries.invalidateQueries({ queryKey: key('invitations') });
  };
  const at = (id: string) => ({ params: { path: { id } } });
  return {
    send: useMutation({
      mutationFn: (body: NewInvitation) => unwrap(api.POST('/user_management/invitations', { body })),
      onSuccess,
    }),
    resend: useMutation({
      mutationFn: (id: string) => unwrap(api.POST('/user_management/invitations/{id}/resend', { ...at(id), body: {} })),
      onSuccess,
    }),
    revoke: useMutation({
      mutationFn: (id: string) => unwrap(api.POST('/user_management/invitations/{id}/revoke', at(id))),
      onSuccess,
    }),
  };
}
