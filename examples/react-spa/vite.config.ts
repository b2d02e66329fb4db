import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const port = Number(process.env.PORT || 5173);
const server = { host: 'localhost', port, strictPort: true }; // Another port would be another origin, which nobody registered.

export default defineConfig({ plugins: [react()], server, preview: server });
