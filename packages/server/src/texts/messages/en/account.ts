/** The page of a signed-in person: profile, password, devices. */
export const account = {};
