import type { ReactNode } from 'react';
import { CopyButton } from './copyable.tsx';

/** Something to paste. `shown` draws it when what the eye sees differs from what is copied (colours, folded secrets). */
export function CodeBlock({ title, code, shown }: { title: string; code: string; shown?: ReactNode }) {
  return (
    <figure className="code-block">
      <figcaption>
        <span>{title}</span>
        <CopyButton value={code} label={`Copy ${title}`} text="Copy" />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1) */}
      <pre dir="ltr" tabIndex={0}>
        <code>{shown ?? code}</code>
      </pre>
    </figure>
  );
}

/** The HTTP call behind a form, for those who will rather script it. */
export function ApiCall({ method, path, body }: { method: string; path: string; body?: Record<string, unknown> }) {
  const lines = [
    `curl ${method === 'GET' ? '' : `-X ${method} `}"${window.location.origin}${path}"`,
    '  -H "Authorization: Bearer $WORKOS_API_KEY"',
    ...(body
      ? ['  -H "Content-Type: application/json"', `  -d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`]
      : []),
  ];
  return (
    <details className="api-call">
      <summary>API call that does this</summary>
      <CodeBlock title={`${method} ${path}`} code={lines.join(' \\\n')} />
    </details>
  );
}
