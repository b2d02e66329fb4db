/** Preview deployments: the app on a fake host of Vercel's, with the variables it would have there. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { newSigningKey } from '../../packages/server/src/keys/certificate.ts';
import { launchBrowser } from '../../packages/server/test/browser.ts';
import type { App } from './app.ts';
import { enterCredentials } from './hosted.ts';
import type { Stage } from './index.ts';
import { seesAccount } from './pages.ts';
import { stageWith } from './stage.ts';

const WILDCARD = 'https://*-gitethanwoos-projects.vercel.app/callback';
const BRANCH_HOST = 'app-git-main-gitethanwoos-projects.vercel.app';
const PREVIEW_HOST = 'app-x1-gitethanwoos-projects.vercel.app';

/** Starts the app once more, with those variables beside what it is given. */
type Another = (changes: Record<string, string>) => Promise<App>;

export function describePreviews(stage: () => Stage, another: Another): void {
  describe('as a preview deployment, with a cookie password of 44 characters', () => {
    let app: App;
    before(async () => {
      await stage().api('POST', '/user_management/redirect_uris', { uri: WILDCARD });
      app = await another({ VERCEL_URL: PREVIEW_HOST, NEXT_PUBLIC_WORKOS_REDIRECT_URI: '' });
    });
    after(() => app?.[Symbol.asyncDispose]());

    /** Where the app sends people to sign in. */
    const authorizationUrl = async (): Promise<URL> => {
      const response = await fetch(`${app.url}/login`, { redirect: 'manual' });
      return new URL(response.headers.get('location') ?? 'none:');
    };
    /** What the platform shows somebody whom an app with that redirect URI sends there. */
    const pageWith = async (redirectUri: string) => {
      const url = await authorizationUrl();
      url.searchParams.set('redirect_uri', redirectUri);
      const response = await fetch(url, { headers: { accept: 'text/html' } });
      return { status: response.status, text: (await response.text()).replaceAll(/<[^>]*>/g, '') };
    };

    it('computes the redirect URI at its start, which beats the environment variable', async () => {
      const own = 'http://localhost:3000/callback';
      const [preview, branch] = [PREVIEW_HOST, BRANCH_HOST].map((host) => `https://${host}/callback`);
      assert.equal((await authorizationUrl()).searchParams.get('redirect_uri'), preview);
      const hosts = { VERCEL_URL: PREVIEW_HOST, NEXT_PUBLIC_WORKOS_REDIRECT_URI: own };
      assert.deepEqual(
        [
          redirectUriWith(stage(), hosts),
          redirectUriWith(stage(), { ...hosts, VERCEL_BRANCH_URL: BRANCH_HOST, VERCEL_ENV: 'preview' }),
          redirectUriWith(stage(), { ...hosts, VERCEL_ENV: 'production' }),
          redirectUriWith(stage(), { NEXT_PUBLIC_WORKOS_REDIRECT_URI: own }),
        ],
        [preview, branch, own, own],
      );
    });

    it('signs people in at its own host, after a click', async () => {
      await using front = await serveTls(app);
      await using browser = await launchBrowser({
        switches: [`--host-resolver-rules=MAP *.vercel.app 127.0.0.1:${front.port}`, '--ignore-certificate-errors'],
      });
      const preview = stageWith(stage(), { browser, app: { ...app, url: `https://${PREVIEW_HOST}` } });
      const person = await preview.person();
      await using visitor = await preview.visit();
      const { page, context } = visitor;
      const confirm = async () => {
        await page.getByRole('heading', { name: 'Is this where you want to go?' }).waitFor();
        assert.equal(new URL(page.url()).origin, preview.platform.url);
        await page.getByRole('button', { name: `Continue to ${PREVIEW_HOST}`, exact: true }).click();
      };
      await visitor.open('/account?tab=1');
      await enterCredentials(page, preview, person);
      await confirm();
      await page.waitForURL(`https://${PREVIEW_HOST}/account?tab=1`);
      await seesAccount(page, person);
      const cookies = await context.cookies(preview.app.url);
      assert.deepEqual(
        cookies.filter(({ name }) => name === 'wos-session').map(({ secure, domain }) => [secure, domain]),
        [[true, PREVIEW_HOST]],
      );

      // Known at the platform already: everybody else would come back without a page.
      await context.clearCookies({ name: 'wos-session' });
      await visitor.open('/account');
      await confirm();
      await page.waitForURL(`https://${PREVIEW_HOST}/account`);
      await seesAccount(page, person);
    });

    it("is refused on a stranger's host, and on one with a label more", async () => {
      for (const host of ['evil.vercel.app', 'a.b-gitethanwoos-projects.vercel.app']) {
        const { status, text } = await pageWith(redirectUriWith(stage(), { VERCEL_URL: host }));
        assert.equal(status, 400);
        assert.ok(text.includes(`https://${host}/callback`), text);
      }
    });

    it('is told of a placeholder in the settings, which nobody fills in', async () => {
      const literal = ['https://$', '{VERCEL_URL}/callback'].join('');
      const { status, text } = await pageWith(redirectUriWith(stage(), { NEXT_PUBLIC_WORKOS_REDIRECT_URI: literal }));
      assert.equal(status, 400);
      assert.match(text, /contains \$\{VERCEL_URL\} as plain text/);
    });

    it('keeps an exact default beside the wildcard', async () => {
      const { data } = await stage().api<{ data: { id: string; uri: string; default: boolean }[] }>(
        'GET',
        '/user_management/redirect_uris?limit=100',
      );
      const wildcard = data.find(({ uri }) => uri === WILDCARD) ?? assert.fail('it was registered');
      assert.equal(wildcard.default, false);
      assert.doesNotMatch(data.find((entry) => entry.default)?.uri ?? '*', /\*/);
    });
  });
}

/** What the app's own module computes with these variables and none else, in a process of its own. */
function redirectUriWith({ folder }: Stage, variables: Readonly<Record<string, string>>): string {
  const script = `import { redirectUri } from './redirect-uri.ts'; process.stdout.write(String(redirectUri));`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: folder,
    env: variables,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  return stdout;
}

/** What stands before the app at a hosting service: takes HTTPS, and hands requests on with the host they asked for. */
async function serveTls({ url }: App): Promise<AsyncDisposable & { readonly port: number }> {
  const { privateKey, publicJwk } = await newSigningKey('preview', new Date());
  const cert = `-----BEGIN CERTIFICATE-----\n${publicJwk.x5c[0]}\n-----END CERTIFICATE-----\n`;
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
  const server = createServer({ key, cert }, (from, to) => {
    const headers = { ...from.headers, 'x-forwarded-proto': 'https', 'x-forwarded-host': from.headers.host };
    const onward = request(url + from.url, { method: from.method, headers }, (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(to);
    });
    onward.on('error', () => to.destroy());
    from.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
