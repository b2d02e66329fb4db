/** A form, because links are prefetched; sent by the browser itself, because it ends on the platform. */
export function SignOut() {
  return (
    <form method="post" action="/logout">
      <button type="submit">Sign out</button>
    </form>
  );
}
