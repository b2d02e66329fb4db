import { type Answer, type Body, unwrap } from '@authkit/client';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useDesk } from '../core/environment.tsx';

export type MailProvider = Answer<'/dashboard/api/mail_provider', 'get'>;
export type ProviderSettings = NonNullable<MailProvider['provider']>;
export type ProviderBody = Body<'/dashboard/api/mail_provider', 'put'>;
export type TestResult = Answer<'/dashboard/api/mail_provider/test', 'post'>;
export type MailFailure = Answer<'/dashboard/api/mail_failures', 'get'>['data'][number];
export type SuppressedAddress = Answer<'/dashboard/api/suppressed_addresses', 'get'>['data'][number];

export interface Cursor {
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

const pageSize = 20;

export function useMailProvider() {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('mail_provider'),
    queryFn: ({ signal }) => unwrap(api.GET('/dashboard/api/mail_provider', { signal })),
  });
}

export function useMailProviderChanges() {
  const { api, key } = useDesk();
  const queries = useQueryClient();
  const onSuccess = () => {
    // What could not leave is tried again at once.
    void queries.invalidateQueries({ queryKey: key('mail_failures') });
    return queries.invalidateQueries({ queryKey: key('mail_provider') });
  };
  return {
    save: useMutation({
      mutationFn: (body: ProviderBody) => unwrap(api.PUT('/dashboard/api/mail_provider', { body })),
      onSuccess,
      // It may hold a password, which must not linger.
      gcTime: 0,
    }),
    remove: useMutation({ mutationFn: () => unwrap(api.DELETE('/dashboard/api/mail_provider')), onSuccess }),
    test: useMutation({
      mutationFn: (to: string) => unwrap(api.POST('/dashboard/api/mail_provider/test', { body: { to } })),
    }),
  };
}

export function useMailFailures() {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('mail_failures'),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/dashboard/api/mail_failures', { params: { query: { limit: 100 } }, signal })),
  });
}

export function useRetryMails() {
  const { api, key } = useDesk();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.POST('/dashboard/api/mail_failures/retry')),
    onSuccess: () => queries.invalidateQueries({ queryKey: key('mail_failures') }),
  });
}

export function useSuppressedAddresses(view: Cursor & { readonly search?: string | undefined }) {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('suppressed_addresses', view),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/dashboard/api/suppressed_addresses', { params: { query: { ...view, limit: pageSize } }, signal }),
      ),
    placeholderData: keepPreviousData,
  });
}

export function useSuppressionChanges() {
  const { api, key } = useDesk();
  const queries = useQueryClient();
  const onSuccess = () => queries.invalidateQueries({ queryKey: key('suppressed_addresses') });
  return {
    add: useMutation({
      mutationFn: (body: Body<'/dashboard/api/suppressed_addresses', 'post'>) =>
        unwrap(api.POST('/dashboard/api/suppressed_addresses', { body })),
      onSuccess,
    }),
    allow: useMutation({
      mutationFn: (id: string) =>
        unwrap(api.DELETE('/dashboard/api/suppressed_addresses/{id}', { params: { path: { id } } })),
      onSuccess,
    }),
  };
}
