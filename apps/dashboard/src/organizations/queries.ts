import { type Answer, type Body, unwrap } from '@authkit/client';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useDesk } from '../core/environment.tsx';

export type Organization = Answer<'/organizations/{id}', 'get'>;
export type NewOrganization = Body<'/organizations', 'post'>;
export type OrganizationChange = Body<'/organizations/{id}', 'put'>;
export type Policy = Answer<'/dashboard/api/organizations/{id}/policy', 'get'>;
export type PolicyChange = Body<'/dashboard/api/organizations/{id}/policy', 'patch'>;

export interface Cursor {
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

export interface OrganizationsView extends Cursor {
  readonly search?: string | undefined;
}

export const pageSize = 20;

export function useOrganizations(view: OrganizationsView) {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('organizations', view),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/organizations', { params: { query: { ...view, limit: pageSize } }, signal })),
    placeholderData: keepPreviousData,
  });
}

export function useOrganization(id: string) {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('organization', id),
    queryFn: ({ signal }) => unwrap(api.GET('/organizations/{id}', { params: { path: { id } }, signal })),
  });
}

export function useCreateOrganization() {
  const { api, key } = useDesk();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: NewOrganization) => unwrap(api.POST('/organizations', { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: key('organizations') }),
  });
}

export function useUpdateOrganization(id: string) {
  const { api, key } = useDesk();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: OrganizationChange) =>
      unwrap(api.PUT('/organizations/{id}', { params: { path: { id } }, body })),
    onSuccess: (organization) => {
      queries.setQueryData(key('organization', id), organization);
      void queries.invalidateQueries({ queryKey: key('organizations') });
    },
  });
}

export function useDeleteOrganization(id: string) {
  const { api, key } = useDesk();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.DELETE('/organizations/{id}', { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: key('organizations') }),
  });
}

export function usePolicy(id: string) {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('policy', id),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/dashboard/api/organizations/{id}/policy', { params: { path: { id } }, signal })),
  });
}

export function useUpdatePolicy(id: string) {
  const { api, key } = useDesk();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: PolicyChange) =>
      unwrap(api.PATCH('/dashboard/api/organizations/{id}/policy', { params: { path: { id } }, body })),
    onSuccess: (policy) => queries.setQueryData(key('policy', id), policy),
  });
}
