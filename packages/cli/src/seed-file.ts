import { readFileSync } from 'node:fs';
import { Seed, StartError } from '@authkit/server';
import { parse } from 'yaml';

/**
 * Reads a seed: JSON or YAML, of which JSON is a part.
 *
 * @throws {StartError} naming the file, the place and what is wrong there
 */
export function readSeedFile(file: string): Seed {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new StartError(
      `The seed file ${file} cannot be read (${(error as { code?: string }).code}). Check the path given with --seed.`,
    );
  }
  const result = Seed.safeParse(parsed(file, text));
  if (result.success) return result.data;
  const { issues } = result.error;
  // First: what is missing elsewhere is often what was misspelt here.
  const unknown = issues.find(({ code }) => code === 'unrecognized_keys');
  if (unknown?.code === 'unrecognized_keys') {
    const place = unknown.path.length > 0 ? ` in ${unknown.path.join('.')}` : '';
    throw new StartError(
      `The seed file ${file} is not right: '${unknown.keys[0]}'${place} is not a name a seed knows.`,
    );
  }
  const [issue] = issues;
  throw new StartError(
    `The seed file ${file} is not right at '${issue?.path.join('.') || 'its top level'}': ${issue?.message ?? 'unknown'}.`,
  );
}

function parsed(file: string, text: string): unknown {
  try {
    return parse(text) ?? {};
  } catch (error) {
    // Below the first line the parser draws the place, and so ends the line with a colon.
    const [firstLine = ''] = (error as Error).message.split('\n');
    throw new StartError(`The seed file ${file} is neither JSON nor YAML: ${firstLine.replace(/[:.\s]*$/, '')}.`);
  }
}
