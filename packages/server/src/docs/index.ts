/**
 * The documents of this repository, as pages of the platform: read, searched and copied from without a network. For an
 * operator who is signed in to the dashboard the snippets carry the client id of their staging environment.
 *
 * Owns no tables. What it shows are the files of `docs/`; it has no words of its own but the frame around them.
 */
export { docsRoutes } from './routes.ts';
