import { CodeBlock } from './code-block.tsx';

const token = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?/g;

/** JSON with its keys, strings and literals told apart by colour. */
export function JsonView({ title, value }: { title: string; value: unknown }) {
  const text = JSON.stringify(value, null, 2);
  return <CodeBlock title={title} code={text} shown={paint(text)} />;
}

function paint(text: string) {
  const pieces = [];
  let done = 0;
  for (const match of text.matchAll(token)) {
    const [whole, string, colon, word] = match;
    pieces.push(text.slice(done, match.index));
    const kind = colon ? 'json-key' : string ? 'json-string' : word ? 'json-word' : 'json-number';
    pieces.push(
      <span key={match.index} className={kind}>
        {colon ? string : whole}
      </span>,
    );
    if (colon) pieces.push(colon);
    done = match.index + whole.length;
  }
  pieces.push(text.slice(done));
  return pieces;
}
