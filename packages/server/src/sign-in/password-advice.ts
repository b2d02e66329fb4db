import { z } from 'zod';
import { networkOf, type RequestInfo, type Services, type Tenant } from '../core/index.ts';
import type { Client } from '../environments/index.ts';
import type { Translator } from '../texts/index.ts';
import { judgeNewPassword } from '../users/index.ts';
import { countAdvice } from './limits.ts';
import { passwordFault } from './password-fault.ts';

export const PasswordAdvice = z.object({
  score: z.number().int().min(0).max(4).describe('0 falls at once, 4 withstands ten billion guesses.'),
  is_accepted: z.boolean(),
  advice: z.string().describe('One line, in the language of the page.'),
});

interface Typed {
  readonly password: string;
  readonly email: string;
  readonly firstName?: string | null;
  readonly lastName?: string | null;
}

/**
 * What a page says while somebody types a new password. It changes nothing, and whatever it says, the form asks again.
 *
 * @throws {TooManyRequests} when this network asks too often
 */
export async function adviseOnPassword(
  services: Services,
  { client, tenant, t }: { readonly client: Client; readonly tenant: Tenant; readonly t: Translator },
  { password, ...about }: Typed,
  request: RequestInfo,
): Promise<z.input<typeof PasswordAdvice>> {
  countAdvice(services, client, request);
  const context = { ...about, source: networkOf(request.ip) };
  const { score, finding } = await judgeNewPassword(services, tenant, password, context);
  const { passwordMinLength } = client.environment.settings;
  const said = finding ? passwordFault(finding, passwordMinLength) : 'password.strong';
  return { score, is_accepted: finding === null, advice: t.say(said) };
}
