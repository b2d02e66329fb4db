import { unwrap } from '@authkit/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useDesk } from '../core/environment.tsx';
import type { Organization } from './queries.ts';

export type Domain = Organization['domains'][number];

/** What can be done about the domains of an organization, which come and go with it. */
export function useDomainChanges(organizationId: string) {
  const { api, key } = useDesk();
  const queries = useQueryClient();
  const onSuccess = () => {
    void queries.invalidateQueries({ queryKey: key('organizations') });
    return queries.invalidateQueries({ queryKey: key('organization', organizationId) });
  };
  const at = (id: string) => ({ params: { path: { id } } });
  return {
    add: useMutation({
      mutationFn: (domain: string) =>
        unwrap(api.POST('/organization_domains', { body: { domain, organization_id: organizationId } })),
      onSuccess,
    }),
    verify: useMutation({
      mutationFn: (id: string) => unwrap(api.POST('/organization_domains/{id}/verify', at(id))),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (id: string) => unwrap(api.DELETE('/organization_domains/{id}', at(id))),
      onSuccess,
    }),
  };
}
