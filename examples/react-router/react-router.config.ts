import type { Config } from '@react-router/dev/config';

export default {
  future: {
    v8_middleware: true,
    v8_splitRouteModules: true,
    v8_viteEnvironmentApi: true,
    v8_trailingSlashAwareDataRequests: true,
    // The SDK takes the address to return to from `request.url`, which must be the page's and not its data's.
    v8_passThroughRequests: false,
  },
} satisfies Config;
