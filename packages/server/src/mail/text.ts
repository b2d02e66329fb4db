import { readableSupport } from '../branding/index.ts';
import type { Translator } from '../texts/index.ts';
import type { Block, Content, Sender } from './letters/letter.ts';

/** The plain text of a mail: for programs that show no markup, and for those who prefer it. */
export function writeText(
  { title, body, small, boundCode }: Content,
  { t, host, look: { supportUrl } }: Pick<Sender, 't' | 'host' | 'look'>,
): string {
  // The last line is for phones and has no language (see `codeIn`).
  const bound = boundCode === undefined ? [] : [`@${host} #${boundCode}`];
  const help = supportUrl === null ? [] : [`${t('common.help')}: ${readableSupport(supportUrl)}`];
  return `${[title, ...body.map((block) => inText(t, block)), ...small, ...help, ...bound].join('\n\n')}\n`;
}

function inText(t: Translator, block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return t(block.key, block.values);
    case 'code':
      return block.code;
    case 'button':
      return `${t(block.label)}:\n${block.url}`;
  }
}
