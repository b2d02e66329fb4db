import { type Answer, type Body, unwrap } from '@authkit/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useDesk } from '../core/environment.tsx';

type ProviderList = Answer<'/dashboard/api/social_providers', 'get'>;
export type Provider = ProviderList['data'][number];
export type ProviderChange = Body<'/dashboard/api/social_providers/{provider}', 'patch'>;

export function useProviders() {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('social_providers'),
    queryFn: ({ signal }) => unwrap(api.GET('/dashboard/api/social_providers', { signal })),
  });
}

function useRefresh() {
  const { key } = useDesk();
  const queries = useQueryClient();
  // A change of one may move the others.
  return () => queries.invalidateQueries({ queryKey: key('social_providers') });
}

export function useChangeProvider(provider: Provider['provider']) {
  const { api } = useDesk();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (body: ProviderChange) =>
      unwrap(api.PATCH('/dashboard/api/social_providers/{provider}', { params: { path: { provider } }, body })),
    onSuccess,
    // It may hold a secret, which must not linger once the dialog is gone.
    gcTime: 0,
  });
}

export function useResetProvider() {
  const { api } = useDesk();
  const onSuccess = useRefresh();
  return useMutation({
    mutationFn: (provider: Provider['provider']) =>
      unwrap(api.DELETE('/dashboard/api/social_providers/{provider}', { params: { path: { provider } } })),
    onSuccess,
  });
}
