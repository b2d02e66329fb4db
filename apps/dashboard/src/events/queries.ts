import { type Answer, unwrap } from '@authkit/client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDesk } from '../core/environment.tsx';

export type Event = Answer<'/dashboard/api/events', 'get'>['data'][number];

/** Whose events; neither: everybody's. */
export interface EventsOf {
  readonly userId?: string | undefined;
  readonly organizationId?: string | undefined;
}

/** Addresses by id, of users that events name by nothing else. Nothing yet, or somebody who is gone: no entry. */
export function useEmailsOf(ids: readonly string[]): ReadonlyMap<string, string> {
  const { api, key } = useDesk();
  const wanted = [...new Set(ids)].sort();
  const { data } = useQuery({
    queryKey: key('user emails', wanted),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/dashboard/api/user_emails', { params: { query: { ids: wanted } }, signal })),
    enabled: wanted.length > 0,
    placeholderData: keepPreviousData,
  });
  return new Map(data?.users.map(({ id, email }) => [id, email]));
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
