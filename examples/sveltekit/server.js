/** `npm start`: the built app. Its origin, which posted forms are compared with, is that of the redirect URI. */
import 'dotenv/config';

process.env.ORIGIN ??= new URL(process.env.WORKOS_REDIRECT_URI).origin;
await import('./build/index.js');
