import 'dotenv/config'; // The SDK reads the environment of the process, which Vite keeps `.env` out of.
import { tanstackStart } from '@tanstack/react-start/plugin/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({ plugins: [tanstackStart(), react()] });
