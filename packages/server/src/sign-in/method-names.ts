import type { AuthenticationMethod } from '../protocol/index.ts';
import type { MessageKey, Translator } from '../texts/index.ts';

const ours: Partial<Record<AuthenticationMethod, MessageKey>> = {
  Password: 'organizations.methodPassword',
  MagicAuth: 'organizations.methodCode',
  Passkey: 'organizations.methodPasskey',
  SSO: 'organizations.methodSso',
};

/** Ways to sign in, in the reader's words; providers by the names they have everywhere. */
export const methodNames = (t: Translator, methods: readonly AuthenticationMethod[]): readonly string[] =>
  methods.map((method) => {
    const key = ours[method];
    return key ? t(key) : method.replace(/OAuth$/, '');
  });
