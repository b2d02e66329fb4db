import type { Token } from 'marked';
import type { Book, Page } from './book.ts';
import { plainText } from './plain-text.ts';

/** The pages with a line each, as https://llmstxt.org asks for. */
export function listForModels({ pages, chapters }: Book, publicUrl: string): string {
  const front = pages.get('');
  const intro = front ? `# ${front.title}\n\n> ${firstParagraphOf(front)}\n` : '';
  const lists = chapters.map(
    (chapter) =>
      `\n## ${chapter.title}\n\n${chapter.pages
        .map(({ label, page }) => `- [${label}](${publicUrl}/docs/${page.file}): ${firstParagraphOf(page)}`)
        .join('\n')}\n`,
  );
  return `${intro}\nAll of it in one file: ${publicUrl}/docs/llms-full.txt\n${lists.join('')}`;
}

/** What is listed, one after the other. Why things are as they are is not needed to use them. */
export function everything({ pages, chapters }: Book): string {
  const front = pages.get('');
  const listed = chapters.flatMap((chapter) => chapter.pages.map(({ page }) => page));
  return [...(front ? [front] : []), ...listed].map(({ source }) => source.trim()).join('\n\n---\n\n');
}

function firstParagraphOf({ tokens }: Page): string {
  const paragraph = tokens.find(({ type }: Token) => type === 'paragraph');
  return paragraph ? plainText([paragraph]).replaceAll(/\s+/g, ' ').trim() : '';
}
