// The form works as it was sent. A page that stayed open while somebody signed in again holds an old token, though, so
// where scripts run it fetches a fresh one first.
document.querySelector('form[action="/logout"]')?.addEventListener('submit', async (event) => {
  event.preventDefault();
  event.submitter.disabled = true;
  const answer = await fetch('/csrf-token').catch(() => null);
  if (answer?.ok) event.target.elements.csrf_token.value = (await answer.json()).csrfToken;
  event.target.submit();
});
