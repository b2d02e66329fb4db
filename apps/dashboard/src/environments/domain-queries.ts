import { type Answer, unwrap } from '@authkit/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useDesk } from '../core/environment.tsx';

const path = '/dashboard/api/custom_domains';

export type CustomDomain = Answer<'/dashboard/api/custom_domains', 'get'>['data'][number];

export function useCustomDomains() {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('custom_domains'),
    queryFn: ({ signal }) => unwrap(api.GET(path, { signal })),
  });
}

export function useCustomDomainChanges() {
  const { api, key } = useDesk();
  const queries = useQueryClient();
  const onSuccess = () => {
    // Addresses on other pages are made of it.
    void queries.invalidateQueries({ queryKey: key('environment') });
    void queries.invalidateQueries({ queryKey: key('social_providers') });
    return queries.invalidateQueries({ queryKey: key('custom_domains') });
  };
  const at = (id: string) => ({ params: { path: { id } } });
  return {
    add: useMutation({ mutationFn: (name: string) => unwrap(api.POST(path, { body: { name } })), onSuccess }),
    check: useMutation({ mutationFn: (id: string) => unwrap(api.POST(`${path}/{id}/check`, at(id))), onSuccess }),
    activate: useMutation({
      mutationFn: ({ id, anyway }: { id: string; anyway: boolean }) =>
        unwrap(api.POST(`${path}/{id}/activate`, { ...at(id), body: { anyway } })),
      onSuccess,
    }),
    deactivate: useMutation({
      mutationFn: (id: string) => unwrap(api.POST(`${path}/{id}/deactivate`, at(id))),
      onSuccess,
    }),
    remove: useMutation({ mutationFn: (id: string) => unwrap(api.DELETE(`${path}/{id}`, at(id))), onSuccess }),
  };
}
