import assert from 'node:assert/strict';
import { it } from 'node:test';
import { onEachEngine } from '../../test/engines.ts';
import { ApiError, type RequestInfo, RouteNotFound, TooManyRequests, Unavailable } from '../core/index.ts';
import { createEnvironment } from '../environments/index.ts';
import { renderErrorPage } from './error-page.ts';

const asked = (url: string, method = 'GET'): RequestInfo => ({
  id: 'req_1',
  method,
  url,
  ip: '127.0.0.1',
  userAgent: null,
  origin: null,
  authorization: null,
  language: null,
  cookie: () => null,
  cookieNames: () => [],
  header: () => null,
});

class TooLong extends ApiError {
  static override readonly status = 414;
}

const shop = { name: 'Staging', kind: 'staging', applicationName: 'Shop' } as const;

onEachEngine('the way on from a page that cannot be shown', (open) => {
  it('is the dashboard from an address below it', async () => {
    await using services = await open();
    const wayOn = async (url: string) =>
      wayOnOf(await renderErrorPage(services, new RouteNotFound('None.'), asked(url)));
    assert.equal(await wayOn('/nothing'), null);

    await services.db.transaction((tx) => createEnvironment(services, tx, shop));
    assert.equal(await wayOn('/nothing'), null, 'sign-in has nowhere to send people to');
    assert.equal(await wayOn('/dashboard/usres'), '/dashboard Open the dashboard');
  });

  it('is sign-in where the app has said where sign-ins begin', async () => {
    await using services = await open();
    await services.db.transaction((tx) =>
      createEnvironment(services, tx, { ...shop, signInEndpoint: 'https://shop.example/login' }),
    );
    const wayOn = async (url: string) =>
      wayOnOf(await renderErrorPage(services, new RouteNotFound('None.'), asked(url)));
    assert.equal(await wayOn('/nothing'), '/sign-in Go to sign-in');
    assert.equal(await wayOn('/dashboard/usres'), '/dashboard Open the dashboard');
  });

  it('opens the same address again, but repeats no form and leaves no other site in charge', async () => {
    await using services = await open();
    for (const error of [new Unavailable(), new TooManyRequests(7)]) {
      const wayOn = async (...request: Parameters<typeof asked>) =>
        wayOnOf(await renderErrorPage(services, error, asked(...request)));
      assert.equal(await wayOn('/sign-in?attempt=a&x="'), '/sign-in?attempt=a&amp;x=&quot; Try again');
      assert.equal(await wayOn('/sign-in', 'POST'), null);
      for (const elsewhere of ['//evil.example/', '/\\evil.example/', 'https://evil.example/', 'javascript:alert(1)'])
        assert.equal(await wayOn(elsewhere), null, elsewhere);
    }
  });

  it('is the app, in words, for what else was refused', async () => {
    await using services = await open();
    const page = (await renderErrorPage(services, new TooLong('That address is too long.'), asked('/sign-in')))('n');
    assert.match(page, /That did not work.*Go back to the app and start again\./s);
  });
});

/** Address and label of the page's button. */
function wayOnOf(render: (nonce: string) => string): string | null {
  const [, href, label] = /<a class="button" href="([^"]*)">([^<]*)<\/a>/.exec(render('n')) ?? [];
  return href === undefined ? null : `${href} ${label}`;
}
