import { type Answer, ApiProblem, type AuthkitClient, type Body, unwrap } from '@authkit/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { operatorClient } from '../core/api.ts';
import { useDesk } from '../core/environment.tsx';

export type BrandingState = Answer<'/dashboard/api/branding', 'get'>;
export type Brand = BrandingState['draft'];
export type Mode = 'light' | 'dark';
export type ColorName = keyof BrandingState['default_colors'][Mode];

export function useBranding() {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('branding'),
    queryFn: ({ signal }) => unwrap(api.GET('/dashboard/api/branding', { signal })),
  });
}

/** The names of what the preview can show. */
export function usePreviews() {
  const { api, key } = useDesk();
  return useQuery({
    queryKey: key('branding-previews'),
    queryFn: ({ signal }) => unwrap(api.GET('/dashboard/api/branding/previews', { signal })),
  });
}

/** Each answers the state as it is afterwards. */
export function useBrandingChanges() {
  const { api, key } = useDesk();
  const queries = useQueryClient();
  const onSuccess = (state: BrandingState) => void queries.setQueryData(key('branding'), state);
  return {
    save: useMutation({
      mutationFn: (body: Body<'/dashboard/api/branding/draft', 'put'>) =>
        unwrap(api.PUT('/dashboard/api/branding/draft', { body })),
      onSuccess,
    }),
    publish: useMutation({ mutationFn: () => unwrap(api.POST('/dashboard/api/branding/publish')), onSuccess }),
    revert: useMutation({ mutationFn: () => unwrap(api.POST('/dashboard/api/branding/revert')), onSuccess }),
  };
}

const maxImageKib = 256;

export function useUploadImage() {
  const { api } = useDesk();
  return useMutation({
    mutationFn: async (file: File) => {
      // The server says so too, but it does not read to the end what is larger still.
      if (file.size > maxImageKib * 1024)
        throw new ApiProblem(0, 'image_too_large', `An image has at most ${maxImageKib} KiB.`);
      return upload(api, file);
    },
  });
}

const upload = async (api: AuthkitClient, file: Blob) =>
  unwrap(api.POST('/dashboard/api/branding/images', { body: { content: await base64Of(file) } }));

/**
 * The draft of another environment, as this one can keep it: its pictures are uploaded here, where they go by other names.
 * What nobody saves is forgotten like any other upload.
 */
export function useCopyOfLook() {
  const { api } = useDesk();
  return useMutation({
    mutationFn: async (environmentId: string): Promise<Brand> => {
      const { draft } = await unwrap(operatorClient(environmentId).GET('/dashboard/api/branding'));
      const copied = new Map<string, string>();
      for (const id of new Set([draft.logo, draft.logo_dark, draft.icon]))
        if (id !== null) copied.set(id, (await upload(api, await pictureOf(environmentId, id))).id);
      const here = (id: string | null) => (id === null ? null : (copied.get(id) ?? null));
      return { ...draft, logo: here(draft.logo), logo_dark: here(draft.logo_dark), icon: here(draft.icon) };
    },
  });
}

async function pictureOf(environmentId: string, id: string): Promise<Blob> {
  const answer = await fetch(imagePath(environmentId, id));
  if (!answer.ok)
    throw new ApiProblem(answer.status, 'image_not_found', 'A picture of that look could not be read. Try again.');
  return answer.blob();
}

/** An uploaded image's address. The page's policy lets in pictures of this server only, whatever it calls itself. */
export function useImageUrl() {
  const { environment } = useDesk();
  return (id: string): string => imagePath(environment.id, id);
}

const imagePath = (environmentId: string, id: string): string => `/branding/images/${environmentId}.${id}`;

function base64Of(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
