import { type Answer, type Body, unwrap } from '@authkit/client';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useDesk } from '../core/environment.tsx';

export type ConnectionSummary = Answer<'/connections', 'get'>['data'][number];
export type Connection = Answer<'/dashboard/api/connections/{id}', 'get'>;
export type ConnectionType = Connection['connection_type'];
export type ConnectionChange = Body<'/dashboard/api/connections/{id}', 'patch'>;
type NewConnection = Body<'/dashboard/api/connections', 'post'>;
type Metadata = Body<'/dashboard/api/connections/{id}/metadata', 'put'>;

export interface ConnectionsView {
  readonly search?: string | undefined;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

const pageSize = 20;
const at = (id: string) => ({ params: { path: { id } } });

/** Every connection of the environment, newest first. */
export function useConnections(view: ConnectionsView) {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('connections', view),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/connections', { params: { query: { ...view, limit: pageSize } }, signal })),
    placeholderData: keepPreviousData,
  });
}

export function useConnectionsOf(organizationId: string) {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('connections', 'of', organizationId),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/dashboard/api/organizations/{id}/connections', { ...at(organizationId), signal })),
  });
}

export function useConnection(id: string) {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('connection', id),
    queryFn: ({ signal }) => unwrap(api.GET('/dashboard/api/connections/{id}', { ...at(id), signal })),
  });
}

function useKeep() {
  const { key } = useDesk();
  const queries = useQueryClient();
  return (connection: Connection) => {
    queries.setQueryData(key('connection', connection.id), connection);
    return queries.invalidateQueries({ queryKey: key('connections') });
  };
}

export function useCreateConnection() {
  const { api } = useDesk();
  return useMutation({
    mutationFn: (body: NewConnection) => unwrap(api.POST('/dashboard/api/connections', { body })),
    onSuccess: useKeep(),
  });
}

/** What can be done about one. */
export function useConnectionChanges(id: string) {
  const { api, key } = useDesk();
  const queries = useQueryClient();
  const onSuccess = useKeep();
  return {
    update: useMutation({
      mutationFn: (body: ConnectionChange) => unwrap(api.PATCH('/dashboard/api/connections/{id}', { ...at(id), body })),
      onSuccess,
      // It may hold a secret, which must not linger once the form is gone.
      gcTime: 0,
    }),
    copyMetadata: useMutation({
      mutationFn: (body: Metadata) => unwrap(api.PUT('/dashboard/api/connections/{id}/metadata', { ...at(id), body })),
      onSuccess,
    }),
    simulate: useMutation({
      mutationFn: (strict: boolean) =>
        unwrap(api.PUT('/dashboard/api/connections/{id}/simulated_provider', { ...at(id), body: { strict } })),
      onSuccess,
    }),
    activate: useMutation({
      mutationFn: () => unwrap(api.PUT('/dashboard/api/connections/{id}/activate', at(id))),
      onSuccess,
    }),
    deactivate: useMutation({
      mutationFn: () => unwrap(api.PUT('/dashboard/api/connections/{id}/deactivate', at(id))),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: () => unwrap(api.DELETE('/connections/{id}', at(id))),
      onSuccess: () => {
        queries.removeQueries({ queryKey: key('connection', id) });
        return queries.invalidateQueries({ queryKey: key('connections') });
      },
    }),
    test: useMutation({ mutationFn: () => unwrap(api.POST('/dashboard/api/connections/{id}/test', at(id))) }),
  };
}

/** Our keys at a SAML connection, oldest first. */
export function useKeys(id: string) {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('connection_keys', id),
    queryFn: ({ signal }) => unwrap(api.GET('/dashboard/api/connections/{id}/keys', { ...at(id), signal })),
  });
}

export function useKeyChanges(id: string) {
  const { api, key } = useDesk();
  const queries = useQueryClient();
  const onSuccess = (keys: Answer<'/dashboard/api/connections/{id}/keys', 'get'>) =>
    queries.setQueryData(key('connection_keys', id), keys);
  return {
    add: useMutation({
      mutationFn: () => unwrap(api.POST('/dashboard/api/connections/{id}/keys', at(id))),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (number: string) =>
        unwrap(api.DELETE('/dashboard/api/connections/{id}/keys/{number}', { params: { path: { id, number } } })),
      onSuccess,
    }),
  };
}

/** What came of a sign-on that was tried out. It can be read once, so it is kept as long as the page. */
export function useTestResult(id: string, ticket: string | undefined) {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('sign_on_test', id, ticket),
    queryFn: () =>
      unwrap(api.POST('/dashboard/api/connections/{id}/test_result', { ...at(id), body: { ticket: ticket ?? '' } })),
    enabled: ticket !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}
