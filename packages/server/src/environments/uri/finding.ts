/** Something a person has to know about a URI: a stable code, and what happened with what to do about it. */
export interface Finding {
  readonly code: string;
  readonly message: string;
}

export const problem = (code: string, message: string): Finding => ({ code, message });
