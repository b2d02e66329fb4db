interface Named {
  readonly name: string | null;
  readonly first_name: string | null;
  readonly last_name: string | null;
}

/** The full name as it was given, else first and last name together; null for somebody without any. */
export function fullName({ name, first_name, last_name }: Named): string | null {
  return name ?? ([first_name, last_name].filter(Boolean).join(' ') || null);
}
