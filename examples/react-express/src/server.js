/** What the pages ask the server for. They keep nothing of a session themselves: the cookie is out of their reach. */
import { useEffect, useState } from 'react';

/** What a path answers: undefined until it does, null to people who are signed out. Other failures reach the nearest boundary. */
export function useServer(path) {
  const [answer, setAnswer] = useState();
  useEffect(() => {
    ask(path).then(setAnswer, (error) => {
      setAnswer(() => {
        throw error;
      });
    });
  }, [path]);
  return answer;
}

async function ask(path) {
  const response = await fetch(path);
  if (response.ok) return response.json();
  if (response.status === 401) return null;
  throw new Error(`${path} answered ${response.status}`);
}
