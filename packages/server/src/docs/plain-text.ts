import type { Token, Tokens } from 'marked';

/** What is read of a document's part when nothing of its form is left: for titles, fragments and the search. */
export function plainText(tokens: readonly Token[] = []): string {
  return tokens.map(textOf).join('');
}

function textOf(token: Token): string {
  switch (token.type) {
    case 'html':
    case 'hr':
    case 'checkbox':
      return '';
    case 'br':
    case 'space':
      return '\n';
    case 'list':
      return (token as Tokens.List).items.map((item) => `${plainText(item.tokens)}\n`).join('');
    case 'table': {
      const { header, rows } = token as Tokens.Table;
      return [header, ...rows].map((row) => `${row.map((cell) => plainText(cell.tokens)).join(' · ')}\n`).join('');
    }
    case 'paragraph':
    case 'heading':
    case 'blockquote':
      return `${plainText(token.tokens)}${token.type === 'heading' ? '' : '\n'}`;
    default:
      return 'tokens' in token && token.tokens ? plainText(token.tokens) : ((token as Tokens.Text).text ?? '');
  }
}
