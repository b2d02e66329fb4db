import { index, type RouteConfig, route } from '@react-router/dev/routes';

export default [
  index('routes/home.tsx'),
  route('account/*', 'routes/account.tsx'),
  route('login', 'routes/login.ts'),
  route('callback', 'routes/callback.ts'),
  route('logout', 'routes/logout.ts'),
  route('api/me', 'routes/me.ts'),
] satisfies RouteConfig;
