import { type Answer, unwrap } from '@authkit/client';
import { useQuery } from '@tanstack/react-query';
import { useDesk } from '../core/environment.tsx';

export type Event = Answer<'/dashboard/api/events', 'get'>['data'][number];

/** The newest events, of one user or of everybody. */
export function useEvents({ userId, limit }: { userId?: string | undefined; limit: number }) {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('events', userId, limit),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/dashboard/api/events', { params: { query: { user_id: userId, limit } }, signal })),
  });
}
