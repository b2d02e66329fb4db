import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { copyText } from '../core/clipboard.ts';

const tickMs = 1600;

function useCopy(value: string) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), tickMs);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => copyText(value).then(() => setCopied(true));
  return { copied, copy };
}

/** `user_01K4…8QXZ`: enough to recognize, short enough for a row. Shorter values stay whole. */
export function shortId(id: string): string {
  const separator = id.lastIndexOf('_') + 1;
  return id.length - separator > 12 ? `${id.slice(0, separator + 4)}…${id.slice(-4)}` : id;
}

/** An id in monospace; a click copies it whole and shows a tick. */
export function CopyableId({ id, whole = false, label = 'id' }: { id: string; whole?: boolean; label?: string }) {
  const { copied, copy } = useCopy(id);
  return (
    <button type="button" className="copyable" onClick={copy} title={id}>
      <span className="unseen">Copy {label} </span>
      <bdi dir="ltr">{whole ? id : shortId(id)}</bdi>
      <span className="copyable-icon" data-copied={copied || undefined} aria-hidden="true">
        {copied ? <Check size={13} /> : <Copy size={13} />}
      </span>
      <span role="status" className="unseen">
        {copied ? 'Copied' : ''}
      </span>
    </button>
  );
}

/** A small button that copies `value`; `label` says what, for people who do not see the icon. */
export function CopyButton({ value, label, text }: { value: string; label: string; text?: string }) {
  const { copied, copy } = useCopy(value);
  return (
    <button type="button" className="quiet-button" onClick={copy} aria-label={text ? undefined : label}>
      {copied ? <Check size={14} aria-hidden="true" /> : <Copy size={14} aria-hidden="true" />}
      {text ? <span>{copied ? 'Copied' : text}</span> : null}
      <span role="status" className="unseen">
        {copied ? 'Copied' : ''}
      </span>
    </button>
  );
}
