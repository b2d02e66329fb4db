export default function SignInFailed() {
  return (
    <>
      <h1>You are not signed in</h1>
      <p>You stopped, or it took too long, or it began in another browser.</p>
      <nav>
        <a className="primary" href="/login">
          Try again
        </a>
        <a href="/">Back to the start</a>
      </nav>
    </>
  );
}
