import type { Look } from '../branding/index.ts';
import type { Services } from '../core/index.ts';
import type { EnvironmentWithClient } from '../environments/index.ts';
import type { Locale } from '../texts/index.ts';
import { sampleLetters } from './samples.ts';
import { senderOf } from './sender-of.ts';
import { type Written, writeMail } from './write-mail.ts';

export const sampleNames: readonly string[] = Object.keys(sampleLetters);

/** A sample letter as the environment would send it. @returns null when there is none of that name (`sampleNames`) */
export function writeSample(
  services: Pick<Services, 'config'>,
  environment: EnvironmentWithClient,
  { name, look, locale }: { readonly name: string; readonly look: Look; readonly locale: Locale },
): Written | null {
  const letter = Object.hasOwn(sampleLetters, name) ? sampleLetters[name] : undefined;
  return letter ? writeMail(letter, senderOf(services, environment, look, locale)) : null;
}
