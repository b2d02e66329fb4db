import { type Answer, type Body, unwrap } from '@authkit/client';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useDesk } from '../core/environment.tsx';

export type User = Answer<'/user_management/users/{id}', 'get'>;
export type NewUser = Body<'/user_management/users', 'post'>;
export type UserChange = Body<'/user_management/users/{id}', 'put'>;

export interface UsersView {
  readonly search?: string | undefined;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

const pageSize = 20;

export function useUsers(view: UsersView) {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('users', view),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/dashboard/api/users', { params: { query: { ...view, limit: pageSize } }, signal })),
    placeholderData: keepPreviousData,
  });
}

export function useUser(id: string) {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('user', id),
    queryFn: ({ signal }) => unwrap(api.GET('/user_management/users/{id}', { params: { path: { id } }, signal })),
  });
}

export function useCreateUser() {
  const { api, key } = useDesk();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: NewUser) => unwrap(api.POST('/user_management/users', { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: key('users') }),
  });
}

export function useUpdateUser(id: string) {
  const { api, key } = useDesk();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: UserChange) =>
      unwrap(api.PUT('/user_management/users/{id}', { params: { path: { id } }, body })),
    onSuccess: (user) => {
      queries.setQueryData(key('user', id), user);
      void queries.invalidateQueries({ queryKey: key('users') });
      void queries.invalidateQueries({ queryKey: key('events') });
    },
  });
}

export function useDeleteUser(id: string) {
  const { api, key } = useDesk();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.DELETE('/user_management/users/{id}', { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: key('users') }),
  });
}

export function useImpersonate(id: string) {
  const { api, key } = useDesk();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (reason: string) =>
      unwrap(api.POST('/dashboard/api/users/{id}/impersonation', { params: { path: { id } }, body: { reason } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: key('events') }),
  });
}
