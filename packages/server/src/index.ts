/** What starts a server: for the command line, for tests, and for whoever embeds it. */
export { contract } from './app.ts';
export { Seed } from './dev/index.ts';
export { type DevServerOptions, type RunningServer, startDevServer } from './server.ts';
export { StartError } from './start-error.ts';
export { versionOf } from './version.ts';
