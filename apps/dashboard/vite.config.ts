import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { pruneRadixThemes } from './prune-radix-themes.ts';

/** Where `npm run dev` finds the platform; `npm start` prints the address. */
const platform = process.env.AUTHKIT_URL ?? 'http://localhost:4100';

export default defineConfig({
  base: '/dashboard/',
  plugins: [react()],
  css: { postcss: { plugins: [pruneRadixThemes()] } },
  build: {
    target: 'es2023',
    // light-dark() must reach the browser as written: the compiled form cannot see a class that is set later.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      '^/dashboard/(api|login|callback)': platform,
      '/user_management': platform,
    },
  },
});
