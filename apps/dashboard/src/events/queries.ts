import { type Answer, unwrap } from '@authkit/client';
import { useQuery } from '@tanstack/react-query';
import { useDesk } from '../core/environment.tsx';

export type Event = Answer<'/dashboard/api/events', 'get'>['data'][number];

/** Whose events; neither: everybody's. */
export interface EventsOf {
  readonly userId?: string | undefined;
  readonly organizationId?: string | undefined;
}

/** The newest events. */
export function useEvents({ userId, organizationId, limit }: EventsOf & { limit: number }) {
  const { api, key } = useDesk();
  const query = { user_id: userId, organization_id: organizationId, limit };
  return useQuery({
    queryKey: key('events', query),
    queryFn: ({ signal }) => unwrap(api.GET('/dashboard/api/events', { params: { query }, signal })),
  });
}
