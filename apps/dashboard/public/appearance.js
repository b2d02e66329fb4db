// Light or dark, decided before the first paint so that nothing flashes. A file of its own because the page's
// content security policy allows no inline script; it runs unbundled, and src/core/appearance.ts takes over from it.
(() => {
  let choice = 'system';
  try {
    choice = localStorage.getItem('authkit.appearance') ?? 'system';
  } catch {
    // Storage may be switched off; the system's wish is still known.
  }
  const dark = choice === 'system' ? matchMedia('(prefers-color-scheme: dark)').matches : choice === 'dark';
  document.documentElement.classList.add(dark ? 'dark' : 'light');
})();
