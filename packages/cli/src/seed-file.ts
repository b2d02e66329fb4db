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
  const [issue] = result.error.issues;
  throw new StartError(
    `The seed file ${file} is not right at '${issue?.path.join('.') || 'its top level'}': ${issue?.message ?? 'unknown'}.`,
  );
}

function parsed(file: string, text: string): unknown {
  try {
    return parse(text) ?? {};
  } catch (error) {
    const [firstLine] = (error as Error).message.split('\n');
    throw new StartError(`The seed file ${file} is neither JSON nor YAML: ${firstLine}`);
  }
}
