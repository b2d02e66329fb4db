/**
 * Copies text. On plain http (a platform opened by its address in the local network) browsers hide the clipboard
 * interface, so the old command is the fallback.
 */
export async function copyText(text: string): Promise<void> {
  if (window.isSecureContext && navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement('textarea');
  field.value = text;
  field.style.position = 'fixed';
  field.style.opacity = '0';
  (document.querySelector('[role=dialog]') ?? document.body).append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
}

/** Saves text as a file in the browser's download folder. */
export function downloadText(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
