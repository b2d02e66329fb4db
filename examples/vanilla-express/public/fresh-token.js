// The forms work as they were sent. A page that stayed open while somebody signed in again holds an old token, though,
// so where scripts run they fetch a fresh one first.
for (const form of document.querySelectorAll('form[method="post"]')) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    event.submitter.disabled = true;
    const answer = await fetch('/csrf-token').catch(() => null);
    if (answer?.ok) form.elements.csrf_token.value = (await answer.json()).csrfToken;
    form.submit();
  });
}
