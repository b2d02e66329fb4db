import { ApiProblem } from '@authkit/client';
import { Theme } from '@radix-ui/themes';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { Toasts } from '../parts/toast.tsx';
import { router } from '../routes.tsx';

/** A refusal will be the same the second time; only silence and the server's own failures are worth another try. */
function worthRetrying(failures: number, error: unknown): boolean {
  const refused = error instanceof ApiProblem && error.status >= 400 && error.status < 500;
  return !refused && failures < 2;
}

const queries = new QueryClient({
  defaultOptions: { queries: { retry: worthRetrying, retryDelay: 400, staleTime: 5_000 } },
});

export function App() {
  return (
    <Theme accentColor="indigo" grayColor="slate" radius="medium" appearance="inherit" hasBackground={false}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
      <Toasts />
    </Theme>
  );
}
