import { z } from 'zod';
import { accountExamples } from '../account/index.ts';
import { type Look, lookOf, readPreview, withoutCss } from '../branding/index.ts';
import { anyone, operator, privatePage, type Reply, type Route, reply, route } from '../core/index.ts';
import { addressOf, findEnvironment, isShownHere } from '../environments/index.ts';
import { sampleNames, writeSample } from '../mail/index.ts';
import { appOf, signInExamples } from '../sign-in/index.ts';
import { isLocale, localeOf } from '../texts/index.ts';
import { PreviewOver } from './errors.ts';

const firstPage = 'sign-in';

const show = route(
  {
    operationId: 'showBrandingPreview',
    method: 'GET',
    path: '/branding/preview',
    summary: 'A hosted page or a mail in the look an operator is working on',
    auth: anyone('the link is the credential, and shows no data of anybody'),
    query: z.object({
      environment: z.string().max(64),
      until: z.string().max(16),
      proof: z.string().max(64),
      page: z.string().max(64).default(firstPage).describe('One of the example pages.'),
      account: z.string().max(64).optional().describe('One of the account’s example pages, in its place.'),
      mail: z.string().max(64).optional().describe('One of the sample mails, in the place of a page.'),
      format: z.enum(['html', 'text']).default('html').describe('Which half of the mail.'),
      appearance: z.enum(['light', 'dark']).optional().describe('What the device would ask for.'),
      css: z.enum(['on', 'off']).default('on').describe('Whether the look’s own CSS is on the page.'),
      locale: z.string().max(35).optional(),
    }),
    returns: { status: 200 },
    errors: [PreviewOver],
    page: true,
  },
  async ({ query, request }, services) => {
    const brand = await readPreview(services, query);
    const environment = brand && (await findEnvironment(services, query.environment));
    if (!environment || !isShownHere(services, environment.id))
      throw new PreviewOver({ heading: 'errors.previewOver', message: 'errors.previewOverWhy' });
    const locale = query.locale !== undefined && isLocale(query.locale) ? query.locale : localeOf(request);
    // An environment that shows one mode shows that one, whatever the device asks for.
    const appearance = brand.appearance === 'system' ? (query.appearance ?? 'system') : brand.appearance;
    const shown = query.css === 'off' ? withoutCss(brand) : brand;
    const look = lookOf({ ...shown, appearance }, environment.id);
    const app = appOf(environment.client);
    const written =
      query.mail === undefined ? null : writeSample(services, environment, { name: query.mail, look, locale });
    if (written)
      return query.format === 'text'
        ? asText(written)
        : asMail(written.html, look, addressOf(services.config, environment));
    return reply.page((nonce) => {
      const sample = { nonce, locale, look, app, action: request.url };
      const account = query.account === undefined ? undefined : named(accountExamples(sample), query.account);
      if (account !== undefined) return account;
      const pages = signInExamples({ ...sample, production: app });
      return named(pages, query.page) ?? named(pages, firstPage) ?? '';
    });
  },
);

const named = (examples: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(examples, name) ? examples[name] : undefined;

/** Nothing runs, nothing leads anywhere from within; what may be loaded are the look's own logos. */
const mailPolicy = (images: readonly string[]): string =>
  [
    `default-src 'none'`,
    // A mail's styles stand in attributes, which no nonce can admit.
    `style-src 'unsafe-inline'`,
    `img-src ${images.length > 0 ? images.join(' ') : `'none'`}`,
    `form-action 'none'`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
    'sandbox',
  ].join('; ');

function asMail(html: string, { logo }: Look, publicUrl: string): Reply {
  const images = logo ? [logo.light, logo.dark].map((path) => publicUrl + path) : [];
  return reply.text(html, 'text/html; charset=utf-8', {
    headers: { ...privatePage, 'content-security-policy': mailPolicy(images) },
  });
}

/** As a mail program holds it: the subject is a line above, and the text begins after an empty one. */
function asText({ subject, text }: { readonly subject: string; readonly text: string }): Reply {
  const type = 'text/plain; charset=utf-8';
  return reply.text(`Subject: ${subject}\n\n${text}`, type, {
    headers: { ...privatePage, 'content-type': type, 'content-security-policy': mailPolicy([]) },
  });
}

const list = route(
  {
    operationId: 'listDashboardBrandingPreviews',
    method: 'GET',
    path: '/dashboard/api/branding/previews',
    summary: 'What the preview of a look can show',
    auth: operator('environment:read'),
    returns: {
      status: 200,
      body: z
        .object({
          pages: z.array(z.string()).describe('For `page` of the preview’s address.'),
          account_pages: z.array(z.string()).describe('For `account`.'),
          mails: z.array(z.string()).describe('For `mail`.'),
        })
        .meta({ id: 'BrandingPreviews' }),
    },
    errors: [],
    internal: true,
  },
  async () => ({
    pages: Object.keys(signInExamples()),
    account_pages: Object.keys(accountExamples()),
    mails: [...sampleNames],
  }),
);

export const previewRoutes: readonly Route[] = [show, list];
