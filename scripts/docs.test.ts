/** Our pages, held to what they say: their links lead somewhere, what they name exists, what is missing is missing. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, it } from 'node:test';
import { appErrorCodes } from '../packages/server/src/sign-in/index.ts';
import { usualOrder } from '../packages/server/src/social/index.ts';
import { locales } from '../packages/server/src/texts/index.ts';
import { callbackAdvice, errorAdvice } from './error-advice.ts';
import { anchorsOf, inlineCodeOf, linksOf, type Page, pagesHere } from './markdown.ts';
import { filesHere, root } from './newcomer.ts';

const files = filesHere();
const folders = new Set(
  files.flatMap((file) => file.split('/').map((_, depth, parts) => parts.slice(0, depth).join('/'))),
);
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const pages = pagesHere();
const page = (path: string): Page => pages.find((candidate) => candidate.path === path) ?? assert.fail(`no ${path}`);
const readme = page('README.md');
/** Without the line breaks of filled paragraphs. */
const readmeText = readme.text.replaceAll(/\s+/g, ' ');

const contract = JSON.parse(read('contract/openapi.json')) as { paths: Record<string, Record<string, unknown>> };
const operations = Object.entries(contract.paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
);

describe('the pages', () => {
  for (const { path, text } of pages) {
    it(`${path} links to what is there`, () => {
      for (const address of linksOf({ path, text })) {
        if (/^(https:|mailto:)/.test(address)) continue;
        const [file = '', anchor] = address.split('#');
        const target = file === '' ? path : normalize(join(dirname(path), file));
        assert.ok(files.includes(target) || folders.has(target), `${address} is no file of this repository`);
        if (anchor !== undefined) assert.ok(anchorsOf(page(target)).includes(anchor), `${address}: no such heading`);
      }
    });

    it(`${path} names files and operations that exist`, () => {
      for (const code of inlineCodeOf({ path, text })) {
        const [top = ''] = code.split('/');
        if (/^\w[\w./-]+$/.test(code) && code.includes('/') && folders.has(top)) {
          const target = code.replace(/\/$/, '');
          assert.ok(files.includes(target) || folders.has(target), `${code} is no file of this repository`);
        }
        const operation = /^(?:GET|POST|PUT|PATCH|DELETE) \/[^?\s]*/.exec(code)?.[0];
        if (!operation || path.startsWith('examples/') || operation.includes(' /dev/')) continue;
        assert.ok(operations.includes(operation), `${operation} is not in contract/openapi.json`);
      }
    });
  }

  it('CONTRIBUTING.md says what each folder holds', () => {
    const named = inlineCodeOf(page('CONTRIBUTING.md'));
    const tops = [...folders].filter((folder) => folder !== '' && !folder.includes('/') && !folder.startsWith('.'));
    assert.deepEqual(
      tops.filter((top) => !named.some((name) => name.split('/')[0] === top)),
      [],
    );
  });

  it('CONTRIBUTING.md says what each room is about', () => {
    const rows = page('CONTRIBUTING.md').text.match(/^\| rooms \|[\s\S]*?\n\n/m)?.[0] ?? '';
    const named = [...rows.matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name);
    const rooms = [...folders].flatMap((folder) => /^packages\/server\/src\/([^/]+)$/.exec(folder)?.[1] ?? []);
    assert.deepEqual(named.sort(), rooms.sort());
  });
});

describe('docs/errors.md', () => {
  /** Of the server that does not start, so nobody is sent them. */
  const atStart = ['api_key_taken', 'api_key_unusable', 'client_id_taken'];
  const [, fromApi = '', atCallback = '', onPages = ''] = read('docs/errors.md').split(/^## .*$/m);
  const codesIn = (text: string) => [...text.matchAll(/^### `(\w+)`$/gm)].map(([, code = '']) => code);
  const listed = [...codesIn(fromApi), ...codesIn(onPages)];

  it('has every code that there is in the server, once', () => {
    const sources = files.filter((file) => /^packages\/server\/src\/.*(?<!\.test)\.ts$/.test(file)).map(read);
    const codes = sources.flatMap((text) =>
      [...text.matchAll(/static (?:override )?readonly code(?:: string)? = '(\w+)'|'code', \{ value: '(\w+)'/g)].map(
        ([, declared, defined]) => declared ?? defined ?? '',
      ),
    );
    const sent = [...new Set(codes)].filter((code) => !atStart.includes(code));
    assert.ok(sent.length > 100);
    assert.deepEqual([...listed].sort(), sent.sort());
  });

  it('says what to do about codes that exist, and about no others', () => {
    assert.deepEqual(Object.keys(errorAdvice).sort(), [...listed].sort());
    assert.deepEqual(codesIn(atCallback), [...appErrorCodes]);
    assert.deepEqual(Object.keys(callbackAdvice), [...appErrorCodes]);
  });

  it('has every code that is sent to a callback', () => {
    const sources = files.filter((file) =>
      /^packages\/server\/src\/(sign-in|oauth)\/[\w.-]*(?<!\.test)\.ts$/.test(file),
    );
    const answers = sources.map(read).flatMap((text) => [...text.matchAll(/\berror: '([a-z_]+)'[^}]*description/g)]);
    assert.ok(answers.length > 8);
    for (const [, code = ''] of answers) assert.ok(codesIn(atCallback).includes(code), code);
  });
});

describe('README.md on what is here and what is not', () => {
  const here: Readonly<Record<string, readonly string[]>> = {
    'codes by mail': ['POST /user_management/magic_auth'],
    'authenticator apps': ['POST /auth/factors/enroll', 'POST /user_management/users/{id}/auth_factors'],
    passkeys: ['GET /dashboard/api/users/{id}/passkeys'],
    'social providers': ['PATCH /dashboard/api/social_providers/{provider}'],
    'verified addresses': ['POST /user_management/users/{id}/email_verification/send'],
    'password reset': ['POST /user_management/password_reset', 'POST /user_management/password_reset/confirm'],
    'change of address': ['POST /user_management/users/{id}/email_change/send'],
    memberships: ['POST /user_management/organization_memberships'],
    'proved domains': ['POST /organization_domains/{id}/verify'],
    invitations: ['POST /user_management/invitations'],
    waitlist: ['POST /user_management/waitlists/{id}/entries'],
    'enterprise sign-on': ['GET /connections', 'GET /sso/authorize', 'POST /sso/token'],
    'sign-in policies': ['PATCH /dashboard/api/organizations/{id}/policy'],
    'authorization codes with PKCE': ['GET /user_management/authorize', 'POST /user_management/authenticate'],
    'sign-out': ['GET /user_management/sessions/logout'],
    'device flow': ['POST /user_management/authorize/device'],
    impersonation: ['POST /dashboard/api/users/{id}/impersonation'],
    branding: ['PUT /dashboard/api/branding/draft'],
    lockout: ['POST /dashboard/api/users/{id}/unlock'],
    users: ['POST /user_management/users', 'GET /user_management/users', 'DELETE /user_management/users/{id}'],
    sessions: ['GET /user_management/users/{id}/sessions', 'POST /user_management/sessions/revoke'],
    'redirect URIs': ['POST /user_management/redirect_uris'],
    'CORS origins': ['POST /user_management/cors_origins'],
    'API keys': ['POST /dashboard/api/api_keys'],
    'signing keys': ['GET /sso/jwks/{clientId}', 'POST /dashboard/api/signing_keys/rotate'],
  };
  const notYet: Readonly<Record<string, RegExp>> = {
    'permissions behind the roles': /permission|\/roles/,
    'directory sync': /director/,
    webhooks: /webhook/,
    'the events API': / \/events/,
    'audit logs': /audit/,
    metrics: /metrics/,
  };
  /** Said to be missing without an operation to tell by: what would be there. */
  const missingFiles: Readonly<Record<string, RegExp>> = {
    '`authkit serve`': /^packages\/cli\/src\/serve\.ts$/,
  };
  const numerals: Readonly<Record<string, number>> = { fourteen: 14, fifteen: 15, sixteen: 16, seventeen: 17 };
  const [, hereText = '', notYetText = ''] = /Here, (.*?)Not yet: (.*?\.)/.exec(readmeText) ?? [];

  it('has every operation it speaks of', () => {
    for (const [words, wanted] of Object.entries(here)) {
      assert.ok(hereText.includes(words), `README.md no longer says "${words}"`);
      for (const operation of wanted) assert.ok(operations.includes(operation), operation);
    }
  });

  it('calls nothing missing that is there', () => {
    for (const [words, pattern] of Object.entries(notYet)) {
      assert.ok(notYetText.includes(words), `README.md no longer says "${words}"`);
      assert.deepEqual(
        operations.filter((operation) => pattern.test(operation)),
        [],
        `"${words}" are here`,
      );
    }
    for (const [words, pattern] of Object.entries(missingFiles)) {
      assert.ok(notYetText.includes(words), `README.md no longer says "${words}"`);
      assert.deepEqual(
        files.filter((file) => pattern.test(file)),
        [],
        `"${words}" are here`,
      );
    }
    const commands = files.filter((file) => file.startsWith('packages/cli/src/')).map(read);
    const noServer = notYetText.includes('one mail server for all environments');
    assert.ok(noServer && !/smtp/i.test(commands.join()), 'a command sends over SMTP');
  });

  it('counts languages and providers as they are', () => {
    const counted = { languages: locales.length, 'social providers': usualOrder.length };
    for (const [things, count] of Object.entries(counted)) {
      const written = new RegExp(`(\\w+) ${things}`).exec(hereText)?.[1] ?? '';
      assert.equal(numerals[written], count, `${written} ${things}`);
    }
  });

  it('finds every operation in contract/SUPPORT.md', () => {
    const listed = inlineCodeOf(page('contract/SUPPORT.md')).filter((code) => code.includes(' /'));
    assert.deepEqual([...listed].sort(), [...operations].sort());
  });
});
