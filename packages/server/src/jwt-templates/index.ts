/**
 * Claims of an environment's own: a template says which, and every sign-in and refresh fills it in from the database.
 *
 * Owns `jwt_templates`. Whoever issues access tokens asks for the claims before it begins or refreshes a session, so
 * that claims that are too big cost nobody their session.
 */
export { TokenTooBig } from './errors.ts';
export { currentTemplate, ownClaims } from './logic.ts';
export { jwtTemplateRoutes } from './routes.ts';
export type { Claims, Template } from './template.ts';
