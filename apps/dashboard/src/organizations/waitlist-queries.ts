import { type Answer, unwrap } from '@authkit/client';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useDesk } from '../core/environment.tsx';
import { type Cursor, pageSize } from './queries.ts';

export type WaitlistEntry = Answer<'/user_management/waitlists/{id}/entries', 'get'>['data'][number];

export interface WaitlistView extends Cursor {
  readonly state?: WaitlistEntry['state'] | undefined;
}

/** Each environment has one. */
const waitlistId = 'default';

export function useWaitlist(view: WaitlistView) {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('waitlist', view),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/user_management/waitlists/{id}/entries', {
          params: { path: { id: waitlistId }, query: { ...view, limit: pageSize } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
}

/** Whether anybody stands on it, whatever became of them. */
export function useHasWaitlist(isAsked: boolean): boolean {
  const { api, key } = useDesk();
  const entries = useQuery({
    queryKey: key('waitlist', 'any'),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/user_management/waitlists/{id}/entries', {
          params: { path: { id: waitlistId }, query: { limit: 1 } },
          signal,
        }),
      ),
    enabled: isAsked,
  });
  return (entries.data?.data.length ?? 0) > 0;
}

export function useWaitlistChanges() {
  const { api, key } = useDesk();
  const queries = useQueryClient();
  const onSuccess = () => {
    void queries.invalidateQueries({ queryKey: key('events') });
    return queries.invalidateQueries({ queryKey: key('waitlist') });
  };
  const path = '/user_management/waitlist_entries/{id}';
  const at = (id: string) => ({ params: { path: { id } } });
  return {
    approve: useMutation({ mutationFn: (id: string) => unwrap(api.POST(`${path}/approve`, at(id))), onSuccess }),
    deny: useMutation({ mutationFn: (id: string) => unwrap(api.POST(`${path}/deny`, at(id))), onSuccess }),
    remove: useMutation({ mutationFn: (id: string) => unwrap(api.DELETE(path, at(id))), onSuccess }),
  };
}
