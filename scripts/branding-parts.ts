/** What of a page may be styled and how, as the tables of docs/branding.md; from the lists that the server prints from. */
import { parts } from '../packages/server/src/branding/index.ts';

/** The page with its tables as the lists are now. */
export const withParts = (page: string): string =>
  page.replace(
    /<!-- parts -->[\s\S]*?<!-- end -->/,
    () =>
      `<!-- parts -->\n\n${partsTable()}\n\nAbove, ${groupsLine}. What they take:\n\n${valuesTable()}\n\n<!-- end -->`,
  );

const code = (text: string): string => `\`${text}\``;

/** Properties that come together, by the word that stands for all of them. */
const groups: Readonly<Record<string, readonly string[]>> = {
  lettering: ['font-family', 'font-style', 'font-weight', 'letter-spacing', 'line-height'],
  margins: ['margin-block', 'margin-block-end', 'margin-block-start'],
  edges: ['border-color', 'border-style', 'border-width'],
};

function named(properties: readonly string[]): string {
  const whole = Object.entries(groups).filter(([, group]) => group.every((one) => properties.includes(one)));
  const alone = properties.filter((one) => !whole.some(([, group]) => group.includes(one)));
  return [...whole.map(([word]) => word), ...alone.sort().map(code)].join(', ') || 'nothing of its own';
}

const groupsLine = Object.entries(groups)
  .map(([word, group]) => `“${word}” stands for ${group.map(code).join(', ')}`)
  .join('; ');

function partsTable(): string {
  const rows = Object.entries(parts).map(([name, { about, takes }]) => {
    return `| ${code(name)} | ${about} | ${named(Object.keys(takes))} |`;
  });
  return ['| part | which it is | what may be set |', '| --- | --- | --- |', ...rows].join('\n');
}

/** Where parts differ in what a property takes, each kind has its row. */
function valuesTable(): string {
  const bySays = new Map<string, Map<string, string[]>>();
  for (const [name, { takes }] of Object.entries(parts))
    for (const [property, { says }] of Object.entries(takes)) {
      const kinds = bySays.get(property) ?? new Map<string, string[]>();
      bySays.set(property, kinds.set(says, [...(kinds.get(says) ?? []), name]));
    }
  const rows = [...bySays]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([property, kinds]) =>
      [...kinds].map(([says, names]) => {
        const where = kinds.size === 1 ? '' : names.map(code).join(', ');
        return `| ${code(property)} | ${where} | ${says} |`;
      }),
    );
  return ['| property | where that differs | values |', '| --- | --- | --- |', ...rows].join('\n');
}
