import { type Answer, unwrap } from '@authkit/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useDesk } from '../core/environment.tsx';

export type ApiKey = Answer<'/dashboard/api/api_keys', 'get'>['data'][number];

export function useApiKeys() {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('api_keys'),
    queryFn: ({ signal }) => unwrap(api.GET('/dashboard/api/api_keys', { signal })),
  });
}

function useRefresh() {
  const { key } = useDesk();
  const queries = useQueryClient();
  return () => {
    void queries.invalidateQueries({ queryKey: key('checklist') });
    return queries.invalidateQueries({ queryKey: key('api_keys') });
  };
}

export function useCreateApiKey() {
  const { api } = useDesk();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (name: string) => unwrap(api.POST('/dashboard/api/api_keys', { body: { name } })),
    onSuccess,
    // The answer holds the secret: it must not linger once the dialog that shows it is gone.
    gcTime: 0,
  });
}

export function useRevokeApiKey() {
  const { api } = useDesk();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (id: string) => unwrap(api.DELETE('/dashboard/api/api_keys/{id}', { params: { path: { id } } })),
    onSuccess,
  });
}
