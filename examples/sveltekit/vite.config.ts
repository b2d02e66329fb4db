import 'dotenv/config'; // The SDK reads the environment of the process, which Vite keeps `.env` out of.
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

export default defineConfig({ plugins: [sveltekit()] });
