import { type Answer, unwrap } from '@authkit/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useDesk } from '../core/environment.tsx';

export type Checklist = Answer<'/dashboard/api/checklist', 'get'>;
export type StepId = Checklist['steps'][number]['id'];

export function useChecklist() {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('checklist'),
    queryFn: ({ signal }) => unwrap(api.GET('/dashboard/api/checklist', { signal })),
  });
}

/** The server remembers what was ticked off, so the list is the same tomorrow and on a colleague's screen. */
export function useChecklistChanges() {
  const { api, key } = useDesk();
  const queries = useQueryClient();
  const onSuccess = (checklist: Checklist) => queries.setQueryData(key('checklist'), checklist);
  return {
    confirm: useMutation({
      mutationFn: ({ step, confirmed }: { step: StepId; confirmed: boolean }) =>
        unwrap(api.PUT('/dashboard/api/checklist/{step}', { params: { path: { step } }, body: { confirmed } })),
      onSuccess,
    }),
    dismiss: useMutation({
      mutationFn: (dismissed: boolean) => unwrap(api.PUT('/dashboard/api/checklist', { body: { dismissed } })),
      onSuccess,
    }),
  };
}

export function useOverview() {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('overview'),
    queryFn: ({ signal }) => unwrap(api.GET('/dashboard/api/overview', { signal })),
  });
}
