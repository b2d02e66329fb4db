import { z } from 'zod';
import { anyone, days, type Route, reply, route } from '../core/index.ts';
import { isLocale, languageCookie } from '../texts/index.ts';
import { isSameOrigin } from './browser.ts';
import { ForgedForm } from './errors.ts';
import { text } from './form.ts';

const yearSeconds = days(365) / 1000;

/** A path here and nothing a browser would take for another site: `//`, `/\`, or what it strips (tab, line end). */
const ownPath = /^\/(?![/\\])[^\s\\]*$/;

const choose = route(
  {
    operationId: 'chooseLanguage',
    method: 'POST',
    path: '/language',
    summary: 'Show the hosted pages in another language',
    auth: anyone('it changes what language this browser reads, and nothing else'),
    body: z.object({ locale: text, return_to: z.string().max(16_384).default('') }),
    returns: { status: 303 },
    errors: [ForgedForm],
    page: true,
    form: true,
  },
  async ({ body, request }, services) => {
    if (!isSameOrigin(services, request) || !ownPath.test(body.return_to)) {
      throw new ForgedForm({
        heading: 'errors.forgedForm',
        message: 'errors.forgedFormWhy',
        advice: 'errors.forgedFormAdvice',
      });
    }
    const cookies = isLocale(body.locale)
      ? [{ name: languageCookie, value: body.locale, maxAgeSeconds: yearSeconds }]
      : [];
    return reply.redirect(body.return_to, { status: 303, cookies });
  },
);

export const languageRoutes: readonly Route[] = [choose];
