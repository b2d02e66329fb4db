/** Polish for the documents; they read, search and navigate without it. */

const copiedMs = 1500;

const source = `
(() => {
  'use strict';
  document.documentElement.classList.add('js');
  const say = (text) => { document.getElementById('status').textContent = text; };

  addEventListener('click', async ({ target }) => {
    const button = target.closest('button[data-copy]');
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.closest('figure').querySelector('code').textContent);
    } catch {
      return say('Copying is not allowed here.');
    }
    button.classList.add('done');
    say('Copied.');
    setTimeout(() => button.classList.remove('done'), COPIED);
  });

  addEventListener('keydown', (event) => {
    const writes = event.target.closest('input, textarea, select, [contenteditable]');
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || writes) return;
    event.preventDefault();
    document.getElementById('q').focus();
  });
})();
`;

export const script = source.replaceAll('COPIED', String(copiedMs)).trim();
