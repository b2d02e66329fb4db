/** Two initials. Drawn here because a picture from another host would tell that host who looks at whom. */
export function Avatar({ name, large = false }: { name: string; large?: boolean }) {
  return (
    <span className="avatar" data-large={large || undefined} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

function initials(name: string): string {
  const words =
    name
      .split('@')[0]
      ?.split(/[\s._+-]+/)
      .filter(Boolean) ?? [];
  const first = words[0]?.[0] ?? '?';
  const last = words.length > 1 ? (words.at(-1)?.[0] ?? '') : '';
  return (first + last).toUpperCase();
}
