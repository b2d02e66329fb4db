import { type Answer, type Body, unwrap } from '@authkit/client';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useDesk } from '../core/environment.tsx';
import { type Cursor, pageSize } from './queries.ts';

export type Membership = Answer<'/user_management/organization_memberships', 'get'>['data'][number];
export type NewMembership = Body<'/user_management/organization_memberships', 'post'>;

interface MembershipFilter {
  readonly organization_id?: string;
  readonly user_id?: string;
}

/** Memberships of an organization or of a user, whatever their status. */
export function useMemberships(filter: MembershipFilter, cursor: Cursor) {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('memberships', filter, cursor),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/user_management/organization_memberships', {
          params: { query: { ...filter, ...cursor, statuses: ['active', 'inactive', 'pending'], limit: pageSize } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
}

/** What can be done about memberships; each brings every list of them up to date. */
export function useMembershipChanges() {
  const { api, key } = useDesk();
  const queries = useQueryClient();
  const onSuccess = () => {
    void queries.invalidateQueries({ queryKey: key('events') });
    return queries.invalidateQueries({ queryKey: key('memberships') });
  };
  const path = '/user_management/organization_memberships';
  const at = (id: string) => ({ params: { path: { id } } });
  return {
    add: useMutation({ mutationFn: (body: NewMembership) => unwrap(api.POST(path, { body })), onSuccess }),
    changeRoles: useMutation({
      mutationFn: ({ id, role_slugs }: { id: string; role_slugs: string[] }) =>
        unwrap(api.PUT(`${path}/{id}`, { ...at(id), body: { role_slugs } })),
      onSuccess,
    }),
    deactivate: useMutation({
      mutationFn: (id: string) => unwrap(api.PUT(`${path}/{id}/deactivate`, at(id))),
      onSuccess,
    }),
    reactivate: useMutation({
      mutationFn: (id: string) => unwrap(api.PUT(`${path}/{id}/reactivate`, at(id))),
      onSuccess,
    }),
    remove: useMutation({ mutationFn: (id: string) => unwrap(api.DELETE(`${path}/{id}`, at(id))), onSuccess }),
  };
}
