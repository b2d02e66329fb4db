'use server';

import { signOut, switchToOrganization } from '@workos-inc/authkit-nextjs';

// Server actions are POSTs whose Origin Next.js compares with the host, so no other site can call them, and no prefetch.

export async function signOutAction() {
  await signOut();
}

export async function switchOrganizationAction(form: FormData) {
  await switchToOrganization(String(form.get('organization_id')), { returnTo: '/account' });
}
