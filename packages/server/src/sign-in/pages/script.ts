/**
 * The script of the hosted pages: polish only. Each page works without it, so it may fail, be blocked or arrive late.
 *
 * It finds its work by `data-` attributes that the components write:
 * - a form: a second submit does nothing, the button shows that it is busy, an offline browser says so
 * - `data-reveal="id"`: the button that shows a password
 * - `data-code`: the six-digit field
 * - `data-wait="seconds"`: a button that opens when the time is over
 * - `data-countdown="seconds"`: a wait
 * - `data-arrows`: a list of buttons, which the arrow keys move through
 * - `data-copy="text"`: a copy button
 * - `data-can-make-passkey`: a hidden field of every form, told whether this device could keep a passkey
 *
 * It knows no language: what it says stands in the page, as `data-counting` (with `%` where the clock runs),
 * `data-ready` and `data-copied`.
 */

/** Grace between the sixth digit and the automatic submit: time to see it, to correct it, or to press the button. */
const autoSubmitDelayMs = 400;

/** A page that has not answered by then gives its button back, so that nobody has to reload. */
const busyLimitMs = 10_000;

const source = String.raw`
(() => {
  'use strict';
  const all = (selector) => document.querySelectorAll(selector);
  const status = document.getElementById('status');
  const say = (text) => { if (status) status.textContent = text; };
  const clock = (seconds) => Math.floor(seconds / 60) + ':' + String(seconds % 60).padStart(2, '0');

  /* Counts to zero by the wall clock: a sleeping laptop or a throttled tab must not stretch the wait. */
  const countDown = (seconds, show, done) => {
    const end = Date.now() + seconds * 1000;
    const tick = () => {
      const left = Math.ceil((end - Date.now()) / 1000);
      if (left <= 0) return done();
      show(clock(left));
      setTimeout(tick, 250);
    };
    tick();
  };

  const release = (form) => {
    delete form.dataset.busy;
    for (const button of form.querySelectorAll('.busy')) {
      button.classList.remove('busy');
      button.disabled = false;
    }
  };

  for (const form of all('form')) {
    form.addEventListener('submit', (event) => {
      if (form.dataset.busy) return event.preventDefault();
      if (navigator.onLine === false) {
        event.preventDefault();
        const offline = document.getElementById('offline');
        if (offline) { offline.hidden = false; offline.focus(); }
        return;
      }
      form.dataset.busy = '1';
      for (const shown of form.querySelectorAll('input[data-shown]')) shown.type = 'password';
      const button = event.submitter || form.querySelector('button[type=submit]');
      /* After the event, or the browser leaves the button's own value out of the form. */
      setTimeout(() => {
        if (!button || !form.dataset.busy) return;
        button.classList.add('busy');
        button.disabled = true;
      });
      setTimeout(() => release(form), BUSY_LIMIT);
    });
    form.addEventListener('input', ({ target }) => {
      if (target.getAttribute('aria-invalid') !== 'true') return;
      target.removeAttribute('aria-invalid');
      const field = target.closest('.field');
      if (field) field.classList.remove('bad');
      const message = document.getElementById(target.id + '-error');
      if (message) message.classList.add('done');
      const summary = document.getElementById('fields-to-check');
      if (summary && !form.querySelector('[aria-invalid=true]')) summary.classList.add('done');
    });
  }
  /* Back from the next page: the browser may show this one as it was left, button busy and secrets typed. */
  addEventListener('pageshow', (event) => {
    for (const form of all('form')) release(form);
    if (event.persisted) for (const input of all('[name=password], [name=code]')) input.value = '';
  });
  addEventListener('online', () => {
    const offline = document.getElementById('offline');
    if (offline) offline.hidden = true;
  });

  const platform = window.PublicKeyCredential;
  if (platform && platform.isUserVerifyingPlatformAuthenticatorAvailable) {
    platform.isUserVerifyingPlatformAuthenticatorAvailable().then((can) => {
      for (const input of all('[data-can-make-passkey]')) input.value = can ? '1' : '';
    }, () => {});
  }

  for (const button of all('[data-reveal]')) {
    const input = document.getElementById(button.dataset.reveal);
    const [showWord, hideWord] = button.children;
    button.hidden = false;
    button.addEventListener('click', () => {
      const show = input.type === 'password';
      input.type = show ? 'text' : 'password';
      if (show) input.dataset.shown = ''; else delete input.dataset.shown;
      button.setAttribute('aria-pressed', String(show));
      showWord.hidden = show;
      hideWord.hidden = !show;
    });
  }

  for (const input of all('[data-code]')) {
    const cells = input.parentElement;
    const digits = (text) => text.replace(/[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g, (digit) => digit.charCodeAt(0) & 15).replace(/\D/g, '');
    const mark = () => { cells.dataset.at = Math.min(input.selectionStart || 0, 5); };
    let timer = 0;
    const changed = (byPerson) => {
      clearTimeout(timer);
      const clean = digits(input.value).slice(0, 6);
      if (clean !== input.value) input.value = clean;
      mark();
      if (byPerson && clean.length === 6) timer = setTimeout(() => input.form.requestSubmit(), AUTO_SUBMIT_DELAY);
    };
    /* maxlength cuts "123 456" before we could take the space out, so a paste is put in by hand. */
    input.addEventListener('paste', (event) => {
      const pasted = digits(event.clipboardData ? event.clipboardData.getData('text') : '');
      event.preventDefault();
      if (!pasted) return;
      if (pasted.length >= 6) input.value = pasted;
      else input.setRangeText(pasted, input.selectionStart, input.selectionEnd, 'end');
      input.dispatchEvent(new Event('input', { bubbles: true }));
      changed(event.isTrusted);
    });
    input.addEventListener('input', (event) => changed(event.isTrusted));
    input.form.addEventListener('submit', () => clearTimeout(timer));
    for (const name of ['keyup', 'click', 'focus']) input.addEventListener(name, mark);
    mark();
  }

  for (const button of all('[data-wait]')) {
    const count = button.querySelector('.count');
    button.disabled = true;
    countDown(
      Number(button.dataset.wait),
      (left) => { count.textContent = '\u00a0' + button.dataset.counting.replace('%', left); },
      () => {
        count.textContent = '';
        button.disabled = false;
        say(button.dataset.ready);
      },
    );
  }

  for (const wait of all('[data-countdown]')) {
    countDown(
      Number(wait.dataset.countdown),
      (left) => { wait.textContent = wait.dataset.counting.replace('%', left); },
      () => {
        wait.textContent = wait.dataset.ready;
        say(wait.dataset.ready);
      },
    );
  }

  for (const list of all('[data-arrows]')) {
    list.addEventListener('keydown', (event) => {
      const steps = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };
      const buttons = [...list.querySelectorAll('button')];
      const at = buttons.indexOf(document.activeElement);
      if (!(event.key in steps) || at < 0) return;
      event.preventDefault();
      buttons[Math.max(0, Math.min(buttons.length - 1, at + steps[event.key]))].focus();
    });
  }

  for (const button of navigator.clipboard ? all('[data-copy]') : []) {
    const copy = button.textContent;
    button.hidden = false;
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
      } catch {
        return;
      }
      button.textContent = button.dataset.copied;
      say(button.dataset.copied);
      setTimeout(() => { button.textContent = copy; }, 2000);
    });
  }
})();
`;

/** The script without indentation and comments. Its lines stay, as they may end a statement. */
export const script: string = source
  .replace(/\/\*.*?\*\//gs, '')
  .replaceAll('AUTO_SUBMIT_DELAY', String(autoSubmitDelayMs))
  .replaceAll('BUSY_LIMIT', String(busyLimitMs))
  .replace(/\n\s*/g, '\n')
  .trim();
