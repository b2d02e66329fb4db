/** Choosing an organization, invitations, the waitlist, what an organization demands. */
export const organizations = {};
