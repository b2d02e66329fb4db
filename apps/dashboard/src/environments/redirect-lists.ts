import { type Answer, unwrap } from '@authkit/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useDesk } from '../core/environment.tsx';

/** The two lists of addresses a browser may be sent to. They follow the same rules, on different endpoints. */
export type ListName = 'redirect_uris' | 'sign_out_redirects';

type RedirectUri = Answer<'/user_management/redirect_uris', 'get'>['data'][number];
type SignOutRedirect = Answer<'/dashboard/api/sign_out_redirects', 'get'>['data'][number];
export type Redirect = Pick<RedirectUri | SignOutRedirect, 'id' | 'uri' | 'default' | 'created_at'>;
/** An entry of either list, as the checker found it. */
export interface Matched {
  readonly list: string;
  readonly id: string;
}

export type RedirectCheck = Answer<'/dashboard/api/redirect_check', 'post'>;

const listLimit = 100;

/** Both lists through one shape; the endpoints stay literal, so that the contract checks each of them. */
function useListApi(list: ListName) {
  const { api } = useDesk();
  const query = { limit: listLimit };
  const path = (id: string) => ({ params: { path: { id } } });
  if (list === 'redirect_uris') {
    return {
      read: async (signal: AbortSignal): Promise<readonly Redirect[]> =>
        (await unwrap(api.GET('/user_management/redirect_uris', { params: { query }, signal }))).data,
      add: (uri: string): Promise<Redirect> => unwrap(api.POST('/user_management/redirect_uris', { body: { uri } })),
      remove: (id: string): Promise<unknown> => unwrap(api.DELETE('/user_management/redirect_uris/{id}', path(id))),
      makeDefault: (id: string): Promise<Redirect> =>
        unwrap(api.PUT('/dashboard/api/redirect_uris/{id}/default', path(id))),
    };
  }
  return {
    read: async (signal: AbortSignal): Promise<readonly Redirect[]> =>
      (await unwrap(api.GET('/dashboard/api/sign_out_redirects', { params: { query }, signal }))).data,
    add: (uri: string): Promise<Redirect> => unwrap(api.POST('/dashboard/api/sign_out_redirects', { body: { uri } })),
    remove: (id: string): Promise<unknown> => unwrap(api.DELETE('/dashboard/api/sign_out_redirects/{id}', path(id))),
    makeDefault: (id: string): Promise<Redirect> =>
      unwrap(api.PUT('/dashboard/api/sign_out_redirects/{id}/default', path(id))),
  };
}

export function useRedirects(list: ListName) {
  const { key } = useDesk();
  const { read } = useListApi(list);
  return useQuery({ queryKey: key(list), queryFn: ({ signal }) => read(signal) });
}

export function useRedirectChanges(list: ListName) {
  const { key } = useDesk();
  const queries = useQueryClient();
  const { add, remove, makeDefault } = useListApi(list);
  const onSuccess = () => {
    void queries.invalidateQueries({ queryKey: key('checklist') });
    void queries.invalidateQueries({ queryKey: key('redirect_check') });
    return queries.invalidateQueries({ queryKey: key(list) });
  };
  return {
    add: useMutation({ mutationFn: add, onSuccess }),
    remove: useMutation({ mutationFn: remove, onSuccess }),
    makeDefault: useMutation({ mutationFn: makeDefault, onSuccess }),
  };
}

/** Whether `url` would be accepted by a list, and whether it could be added to it. Asks nothing while `url` is blank. */
export function useRedirectCheck(list: ListName, url: string) {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('redirect_check', list, url),
    queryFn: ({ signal }) => unwrap(api.POST('/dashboard/api/redirect_check', { body: { list, url }, signal })),
    enabled: url !== '',
    placeholderData: (previous) => (url === '' ? undefined : previous),
  });
}
