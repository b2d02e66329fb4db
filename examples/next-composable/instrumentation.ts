const REQUIRED = ['WORKOS_API_KEY', 'WORKOS_CLIENT_ID', 'WORKOS_COOKIE_PASSWORD'];

/** Runs once, when the server starts. A missing variable ends it by its name; the SDK would fail with each request. */
export function register() {
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const missing = REQUIRED.find((name) => !process.env[name]);
    if (!missing) return;
    console.error(`${missing} is not set. Copy .env.example to .env.local and fill it in.`);
    process.exit(1);
  }
}
