/** No list, no name, no quoting: whatever could smuggle a second recipient in is refused. */
export const oneAddress = /^[^\s,;:<>()"\\@]+@[^\s,;:<>()"\\@]+$/;
