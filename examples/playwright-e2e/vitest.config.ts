import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { include: ['unit/*.spec.ts'], hookTimeout: 60_000 } });
