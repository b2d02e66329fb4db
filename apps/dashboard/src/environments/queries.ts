import { type Answer, type Body, unwrap } from '@authkit/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useDesk } from '../core/environment.tsx';

export type Environment = Answer<'/dashboard/api/environment', 'get'>;
export type Settings = Environment['settings'];
export type SettingsChange = Body<'/dashboard/api/settings', 'patch'>;
export type ApplicationChange = Body<'/dashboard/api/application', 'patch'>;
export type CorsOrigin = Answer<'/user_management/cors_origins', 'get'>['data'][number];

const listLimit = 100;

export function useEnvironment() {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('environment'),
    queryFn: ({ signal }) => unwrap(api.GET('/dashboard/api/environment', { signal })),
  });
}

export function useUpdateApplication() {
  const { api, key } = useDesk();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: ApplicationChange) => unwrap(api.PATCH('/dashboard/api/application', { body })),
    onSuccess: (application) => {
      queries.setQueryData<Environment>(key('environment'), (before) => before && { ...before, application });
      void queries.invalidateQueries({ queryKey: key('checklist') });
    },
  });
}

export function useUpdateSettings() {
  const { api, key } = useDesk();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: SettingsChange) => unwrap(api.PATCH('/dashboard/api/settings', { body })),
    onSuccess: (settings) => {
      queries.setQueryData<Environment>(key('environment'), (before) => before && { ...before, settings });
      void queries.invalidateQueries({ queryKey: key('redirect_check') });
    },
  });
}

export function useCorsOrigins(enabled: boolean) {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('cors_origins'),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/user_management/cors_origins', { params: { query: { limit: listLimit } }, signal })),
    enabled,
  });
}

export function useAddCorsOrigin() {
  const { api, key } = useDesk();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (origin: string) => unwrap(api.POST('/user_management/cors_origins', { body: { origin } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: key('cors_origins') }),
  });
}

export function useRemoveCorsOrigin() {
  const { api, key } = useDesk();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(api.DELETE('/dashboard/api/cors_origins/{id}', { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: key('cors_origins') }),
  });
}
