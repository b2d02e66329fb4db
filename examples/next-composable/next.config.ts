import type { NextConfig } from 'next';

const config: NextConfig = {
  turbopack: { root: import.meta.dirname }, // This folder, whatever lockfiles are above it.
};

export default config;
