/**
 * The script of the pages that take or make a passkey. Browsers give passkeys to scripts only, so without it nothing of
 * them shows, and the page says why.
 *
 * It finds its work by `data-` attributes:
 * - `form[data-passkey="get"]`: asks for a passkey when it is sent; with `data-autofill` also in the e-mail field's list,
 *   from the start
 * - `form[data-passkey="create"]`: makes one when it is sent
 * - `data-options`: where the form's question is fetched, `[data-problem]` in it: what to show when that fails
 *
 * What the browser answers goes into the field `credential`, and the form is sent like any other.
 */

/** A question is answered within five minutes; one that waits in the list of the e-mail field is asked anew before. */
const askAgainMs = 4 * 60_000;

const source = `
(() => {
  'use strict';
  const known = window.PublicKeyCredential;
  const forms = document.querySelectorAll('form[data-passkey]');
  if (!known || !navigator.credentials) {
    for (const form of forms) {
      const others = form.closest('.others');
      if (others && !others.querySelector('form:not([data-passkey]), a')) others.hidden = true;
    }
    return;
  }
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const named = (list) => list && list.map((each) => ({ ...each, id: bytes(each.id) }));

  /* Written out: toJSON() and its like are missing in many browsers, and in what password managers put in their place. */
  const questionOf = (options) => ({
    ...options,
    challenge: bytes(options.challenge),
    ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
    ...(options.excludeCredentials && { excludeCredentials: named(options.excludeCredentials) }),
    ...(options.allowCredentials && { allowCredentials: named(options.allowCredentials) }),
  });
  const answerOf = ({ id, rawId, type, response }) => JSON.stringify({
    id,
    rawId: text(rawId),
    type,
    response: {
      clientDataJSON: text(response.clientDataJSON),
      ...(response.attestationObject
        ? { attestationObject: text(response.attestationObject), transports: response.getTransports ? response.getTransports() : [] }
        : {
            authenticatorData: text(response.authenticatorData),
            signature: text(response.signature),
            ...(response.userHandle && response.userHandle.byteLength > 0 && { userHandle: text(response.userHandle) }),
          }),
    },
  });

  const ask = async (form) => {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.dataset.options, { method: 'POST', body, redirect: 'error' });
    if (!answer.ok) throw new Error('refused');
    return questionOf(await answer.json());
  };
  const send = (form, credential) => {
    form.elements.credential.value = answerOf(credential);
    form.requestSubmit();
  };
  const complain = (form, isBad) => { form.querySelector('[data-problem]').hidden = !isBad; };

  /* One question at a time: the browser refuses a second while the first waits in the list. */
  let waiting = null;
  const wait = async (form) => {
    const mine = new AbortController();
    waiting = mine;
    let timer = 0;
    try {
      const publicKey = await ask(form);
      if (mine.signal.aborted) return;
      timer = setTimeout(() => { mine.abort(); wait(form); }, ASK_AGAIN);
      const credential = await navigator.credentials.get({ publicKey, mediation: 'conditional', signal: mine.signal });
      if (credential && !mine.signal.aborted) send(form, credential);
    } catch {
    } finally {
      clearTimeout(timer);
    }
  };
  const stopWaiting = () => { if (waiting) waiting.abort(); };

  const modal = async (form) => {
    const button = form.querySelector('button[type=submit]');
    form.dataset.asking = '1';
    button.classList.add('busy');
    button.disabled = true;
    complain(form, false);
    stopWaiting();
    try {
      const publicKey = await ask(form);
      const credential = form.dataset.passkey === 'create'
        ? await navigator.credentials.create({ publicKey })
        : await navigator.credentials.get({ publicKey });
      send(form, credential);
    } catch (error) {
      /* Closing the browser's window is an answer, not an error; so is having waited too long. */
      if (error.name !== 'NotAllowedError' && error.name !== 'AbortError') complain(form, true);
      autofill(form);
    } finally {
      delete form.dataset.asking;
      button.classList.remove('busy');
      button.disabled = false;
    }
  };

  const autofill = async (form) => {
    if (form.dataset.autofill === undefined || !document.querySelector('[autocomplete~=webauthn]')) return;
    if (known.isConditionalMediationAvailable && (await known.isConditionalMediationAvailable())) wait(form);
  };

  for (const form of forms) {
    form.hidden = false;
    form.addEventListener('submit', (event) => {
      if (form.elements.credential.value) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!form.dataset.asking) modal(form);
    });
    autofill(form);
    /* Back from the next page: what was sent is spent. */
    addEventListener('pageshow', (event) => { if (event.persisted) form.elements.credential.value = ''; });
  }
  /* Another form of the page leads away; nothing may pop up on the way. */
  addEventListener('pagehide', stopWaiting);
})();
`;

/** Without indentation and comments. Its lines stay, as they may end a statement. */
export const passkeyScript: string = source
  .replace(/\/\*.*?\*\//gs, '')
  .replaceAll('ASK_AGAIN', String(askAgainMs))
  .replace(/\n\s*/g, '\n')
  .trim();
