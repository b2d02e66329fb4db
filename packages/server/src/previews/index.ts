/**
 * A look before people see it: every hosted page, account page and mail as the draft would draw them, for whoever has
 * the link. Owns no tables: it draws what the rooms before it draw, from sample data.
 */
export { previewRoutes } from './routes.ts';
