import type { ReactNode } from 'react';
import { CopyButton } from './copyable.tsx';

interface CodeBlockProps {
  readonly title: string;
  readonly code: string;
  readonly shown?: ReactNode;
  /** False while something is missing that nobody could guess: then it can be read, and not copied. */
  readonly isWhole?: boolean;
}

/** Something to paste. `shown` draws it when what the eye sees differs from what is copied (colours, folded secrets). */
export function CodeBlock({ title, code, shown, isWhole = true }: CodeBlockProps) {
  return (
    <figure className="code-block">
      <figcaption>
        <span>{title}</span>
        {isWhole ? <CopyButton value={code} label={`Copy ${title}`} text="Copy" /> : null}
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1) */}
      <pre dir="ltr" tabIndex={0}>
        <code>{shown ?? code}</code>
      </pre>
    </figure>
  );
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: Record<string, unknown>;
}

function curlOf({ method, path, body }: Call): string {
  const lines = [
    `curl ${method === 'GET' ? '' : `-X ${method} `}"${window.location.origin}${path}"`,
    '  -H "Authorization: Bearer $WORKOS_API_KEY"',
    ...(body
      ? ['  -H "Content-Type: application/json"', `  -d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`]
      : []),
  ];
  return lines.join(' \\\n');
}

/** A call in full view, where an empty place teaches it. */
export function CurlSnippet({ title, ...call }: Call & { title: string }) {
  return <CodeBlock title={title} code={curlOf(call)} />;
}

/** The HTTP call behind a form, for those who will rather script it. */
export function ApiCall(call: Call) {
  return (
    <details className="api-call">
      <summary>API call that does this</summary>
      <CodeBlock title={`${call.method} ${call.path}`} code={curlOf(call)} />
    </details>
  );
}
