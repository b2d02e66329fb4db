import { z } from 'zod';
import { lookOf, readPreview } from '../branding/index.ts';
import { anyone, type Route, reply, route } from '../core/index.ts';
import { findEnvironment, isShownHere } from '../environments/index.ts';
import { isLocale, localeOf } from '../texts/index.ts';
import { PreviewOver } from './errors.ts';
import { examples } from './pages/examples.ts';
import { appOf } from './view.ts';

const show = route(
  {
    operationId: 'showBrandingPreview',
    method: 'GET',
    path: '/branding/preview',
    summary: 'A hosted page in the look an operator is working on',
    auth: anyone('the link is the credential, and shows no data of anybody'),
    query: z.object({
      environment: z.string().max(64),
      until: z.string().max(16),
      proof: z.string().max(64),
      page: z.string().max(64).default('sign-in').describe('One of the example pages.'),
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
    const look = lookOf(brand, environment.id);
    return reply.page((nonce) => {
      const pages = examples({ nonce, locale, look, production: appOf(environment.client), action: request.url });
      return pages[query.page] ?? pages['sign-in'] ?? '';
    });
  },
);

export const previewRoutes: readonly Route[] = [show];
