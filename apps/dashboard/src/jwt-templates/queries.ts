import { type Answer, unwrap } from '@authkit/client';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useDesk } from '../core/environment.tsx';

export type JwtTemplate = Answer<'/user_management/jwt_template', 'get'>;
export type Preview = Answer<'/dashboard/api/jwt_template/preview', 'post'>;

/** Null while tokens have the platform's own claims only. */
export function useJwtTemplate() {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('jwt template'),
    queryFn: async ({ signal }): Promise<JwtTemplate | null> =>
      (await unwrap(api.GET('/dashboard/api/jwt_template', { signal }))).jwt_template,
  });
}

export function useJwtTemplateChanges() {
  const { api, key } = useDesk();
  const queries = useQueryClient();
  const keep = (template: JwtTemplate | null) => void queries.setQueryData(key('jwt template'), template);
  return {
    save: useMutation({
      mutationFn: (content: string) => unwrap(api.PUT('/user_management/jwt_template', { body: { content } })),
      onSuccess: keep,
    }),
    remove: useMutation({
      mutationFn: () => unwrap(api.DELETE('/dashboard/api/jwt_template')),
      onSuccess: () => keep(null),
    }),
  };
}

/** Whose token a template is tried on. */
export interface Holder {
  readonly userId: string;
  /** Empty: signed in to no organization. */
  readonly organizationId: string;
}

/** What the server makes of a template. Asked for nothing while there is no template or nobody to try it on. */
export function usePreview(content: string, { userId, organizationId }: Holder) {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('jwt template preview', content, userId, organizationId),
    queryFn: ({ signal }) =>
      unwrap(
        api.POST('/dashboard/api/jwt_template/preview', {
          body: { content, user_id: userId, organization_id: organizationId || null },
          signal,
        }),
      ),
    enabled: content.trim() !== '' && userId !== '',
    placeholderData: keepPreviousData,
  });
}
