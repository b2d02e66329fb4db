/** Polish for the mailbox's pages; they work without it. */

/** How often the list looks for new mail while somebody can see it. */
const pollMs = 2000;
const copiedMs = 1500;

const source = String.raw`
(() => {
  'use strict';
  document.documentElement.classList.add('js');
  const say = (text) => { document.getElementById('status').textContent = text; };

  addEventListener('click', async ({ target }) => {
    const button = target.closest('[data-copy]');
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      return say('Copying is not allowed here.');
    }
    button.classList.add('done');
    say('Code copied.');
    setTimeout(() => button.classList.remove('done'), COPIED);
  });

  document.querySelector('form[data-post-at-once]')?.submit();

  const live = document.getElementById('live');
  if (!live) return;
  const selecting = () => { const selection = getSelection(); return selection && !selection.isCollapsed; };
  const look = async () => {
    if (document.hidden || selecting()) return;
    const response = await fetch('/dev/mailbox', { headers: { accept: 'text/html' } });
    if (!response.ok) return;
    /* Only the part that changes: the style sheet of that answer carries its own nonce and would be refused here. */
    const [main] = /<main[^]*<\/main>/.exec(await response.text()) || [''];
    const found = new DOMParser().parseFromString(main, 'text/html').getElementById('live');
    if (!found || found.innerHTML === live.innerHTML || live.querySelector('.done') || selecting()) return;
    /* The person stays where they are: the same link is focused again. */
    const focused = live.contains(document.activeElement) && document.activeElement.id;
    live.replaceChildren(...document.importNode(found, true).childNodes);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    const { newest, announce } = found.dataset;
    if (newest && newest !== live.dataset.newest) say(announce);
    live.dataset.newest = newest;
  };
  const poll = () => look().catch(() => {}).finally(() => setTimeout(poll, POLL));
  setTimeout(poll, POLL);
  addEventListener('visibilitychange', () => { look().catch(() => {}); });
})();
`;

export const script = source.replaceAll('POLL', String(pollMs)).replaceAll('COPIED', String(copiedMs)).trim();
