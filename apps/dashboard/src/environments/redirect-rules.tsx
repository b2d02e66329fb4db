import { useDesk } from '../core/environment.tsx';

/** What may stand in the list and what it matches, in the fewest words that leave no surprise. */
export function RedirectRules() {
  const { environment } = useDesk();
  return (
    <details className="rules" open>
      <summary>How matching works</summary>
      <ul>
        <li>A URL must equal its entry, character for character, down to a slash at the end.</li>
        <li>
          One <code>*</code> may stand in the first label of the host and matches within that label only:{' '}
          <code>https://*.preview.example.com/callback</code> accepts <code>a.preview.example.com</code> and refuses{' '}
          <code>a.b.preview.example.com</code>.
        </li>
        <li>
          It may carry a beginning and an end. On a host that many people share, its end must be yours, at least 8
          characters of it: <code>https://*-acme-projects.vercel.app/callback</code>, never{' '}
          <code>https://*.vercel.app/callback</code>.
        </li>
        <li>
          On <code>localhost</code> the port may be a <code>*</code>: <code>http://localhost:*/callback</code>.
        </li>
        <li>
          The default holds no wildcard, because we send people there without being told where. It can be deleted once
          another one is the default.
        </li>
        <li>
          {environment.kind === 'staging'
            ? 'Here, http and localhost are allowed. Production asks for https, and takes neither localhost nor a query.'
            : 'Entries begin with https and hold neither localhost nor a query.'}
        </li>
      </ul>
    </details>
  );
}
