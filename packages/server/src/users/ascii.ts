/** ASCII without NUL, which PostgreSQL's text cannot hold. */
export const isAscii = (text: string): boolean => [...text].every((letter) => letter >= '\u0001' && letter <= '\u007f');
