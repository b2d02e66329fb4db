import { work } from '../../radar/index.ts';

/**
 * The script of the pages where a password is chosen. Each works without it: the form then says what is wrong with the
 * password, and a mailed code takes the place of the work.
 *
 * - `input[data-advice]`: asks that address what to say while somebody types, and shows it in the place of the hint.
 *   `data-short` is what it shows without asking, from the first letter until `minlength` is reached
 * - `input[data-work]`: the field that is told what was found for the seed in the attribute
 *
 * The work is done a few milliseconds at a time between everything else, so that typing never waits for it: a worker
 * would need an address to load its script from, which the pages' content policy has none of. It begins with the page
 * and has usually ended before the form is sent; a form that is sent earlier waits with its button busy.
 */

/** Nobody stops typing for so long. */
const adviceDelayMs = 500;
/** Half a frame: what comes in between is drawn in time. */
const sliceMs = 8;
/** A device that needs longer sends the form without; a code by mail takes its place. */
const patienceMs = 20_000;

const source = `
(() => {
  'use strict';
  const status = document.getElementById('status');

  for (const input of document.querySelectorAll('[data-advice]')) {
    const { form } = input;
    const hint = document.getElementById(input.id + '-hint');
    const meter = form.querySelector('.meter');
    const rule = hint.textContent;
    let timer = 0;
    let asking = null;
    const show = (level, text) => { meter.dataset.level = level; hint.textContent = text; };
    const ask = async () => {
      asking = new AbortController();
      const body = new URLSearchParams(new FormData(form));
      try {
        const answer = await fetch(input.dataset.advice, { method: 'POST', body, redirect: 'error', signal: asking.signal });
        if (!answer.ok) return;
        const { score, is_accepted: isAccepted, advice } = await answer.json();
        show(isAccepted ? Math.max(score, 3) : Math.max(1, Math.min(score, 2)), advice);
        if (status) status.textContent = advice;
      } catch {
      }
    };
    meter.hidden = false;
    /* Read out when somebody stops, and not at each letter. */
    const readOut = () => { if (status) status.textContent = hint.textContent; };
    input.addEventListener('input', () => {
      clearTimeout(timer);
      if (asking) asking.abort();
      const { short } = input.dataset;
      if (input.value === '') return show(0, rule);
      /* Counted as the server does. */
      const isShort = [...input.value.normalize('NFC')].length < input.minLength;
      if (isShort) show(1, short);
      else if (hint.textContent === short) show(1, rule);
      timer = setTimeout(isShort ? readOut : ask, ADVICE_DELAY);
    });
  }

  /* SHA-256 of a text of one block, its first word. The constants are what FIPS 180-4 makes them of. */
  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime)) primes.push(n);
  const fraction = (x) => ((x - Math.floor(x)) * 4294967296) | 0;
  const start = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
  const rounds = new Int32Array(primes.map((prime) => fraction(Math.cbrt(prime))));
  const words = new Int32Array(64);
  const firstWord = (text) => {
    const { length } = text;
    words.fill(0, 0, 15);
    for (let i = 0; i < length; i++) words[i >> 2] |= text.charCodeAt(i) << (24 - (i & 3) * 8);
    words[length >> 2] |= 128 << (24 - (length & 3) * 8);
    words[15] = length * 8;
    for (let i = 16; i < 64; i++) {
      const x = words[i - 15];
      const y = words[i - 2];
      words[i] = words[i - 16] + words[i - 7]
        + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3)
        + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10);
    }
    let [a, b, c, d, e, f, g, h] = start;
    for (let i = 0; i < 64; i++) {
      const one = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + rounds[i] + words[i] | 0;
      const two = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c) | 0;
      h = g; g = f; f = e; e = d + one | 0; d = c; c = b; b = a; a = one + two | 0;
    }
    return a + start[0] >>> 0;
  };

  for (const input of document.querySelectorAll('[data-work]')) {
    const { form } = input;
    const seed = input.dataset.work;
    const found = [];
    let number = 0;
    let isDone = false;
    let isSent = false;
    let submitter = null;
    const end = () => {
      if (isDone) return;
      isDone = true;
      if (found.length === SEARCHES) input.value = found.join('.');
      if (!isSent) return;
      if (submitter) { submitter.disabled = false; submitter.classList.remove('busy'); }
      form.requestSubmit(submitter);
    };
    /* Before the other script's: a form that waits has not been sent yet. */
    form.addEventListener('submit', (event) => {
      if (isDone) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (isSent) return;
      isSent = true;
      submitter = event.submitter || form.querySelector('button[type=submit]');
      if (submitter) { submitter.classList.add('busy'); submitter.disabled = true; }
      setTimeout(end, PATIENCE);
    });
    /* Messages come without the four milliseconds that nested timers wait. */
    const turn = new MessageChannel();
    turn.port1.onmessage = () => {
      if (isDone) return;
      const until = performance.now() + SLICE;
      do {
        for (let tries = 0; tries < 50 && found.length < SEARCHES; tries++, number++) {
          const text = number.toString(36);
          if (firstWord(seed + ':' + found.length + ':' + text) >>> ZERO_SHIFT) continue;
          found.push(text);
          number = -1;
        }
        if (found.length === SEARCHES) return end();
      } while (performance.now() < until);
      turn.port2.postMessage(0);
    };
    turn.port2.postMessage(0);
  }
})();
`;

export const newPasswordScript: string = source
  .replace(/\/\*.*?\*\//gs, '')
  .replaceAll('ADVICE_DELAY', String(adviceDelayMs))
  .replaceAll('SEARCHES', String(work.searches))
  .replaceAll('ZERO_SHIFT', String(32 - work.zeroBits))
  .replaceAll('PATIENCE', String(patienceMs))
  .replaceAll('SLICE', String(sliceMs))
  .replace(/\n\s*/g, '\n')
  .trim();
