import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = ({ locals: { auth } }) => ({ user: auth.user, impersonator: auth.impersonator });
