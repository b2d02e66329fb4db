import type { Look } from '../branding/index.ts';
import type { Services } from '../core/index.ts';
import { addressOf, type EnvironmentWithClient } from '../environments/index.ts';
import type { Locale } from '../texts/index.ts';
import type { Sender } from './letters/letter.ts';

/** An environment's application as it signs mails in a language. */
export function senderOf(
  { config }: Pick<Services, 'config'>,
  environment: EnvironmentWithClient,
  look: Look,
  locale: Locale,
): Sender {
  const publicUrl = addressOf(config, environment);
  return {
    app: environment.client.applicationName,
    host: new URL(publicUrl).hostname,
    publicUrl,
    clientId: environment.client.clientId,
    look,
    t: look.translator(locale),
  };
}
