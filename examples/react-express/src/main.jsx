import { createRoot } from 'react-dom/client';
import { Account } from './account.jsx';
import { Home } from './home.jsx';
import { useServer } from './server.js';

/** The server lets only signed-in people have the addresses below /account, so a page need not protect itself. */
function App() {
  const me = useServer('/api/me');
  if (me === undefined) return null;
  const Page = location.pathname.startsWith('/account') ? Account : Home;
  return (
    <>
      {me?.impersonator && (
        <p role="status">
          You are impersonating {me.user.email} as {me.impersonator.email}.
        </p>
      )}
      <header>
        <a href="/">React Express</a>
      </header>
      <main>
        <Page me={me} />
      </main>
    </>
  );
}

createRoot(document.getElementById('root')).render(<App />);
