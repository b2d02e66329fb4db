import { z } from 'zod';
import {
  devKey,
  EntityNotFound,
  type MovableClock,
  type Route,
  reply,
  route,
  type Services,
  timestamp,
  toTimestamp,
} from '../core/index.ts';
import { Event, newestEvents, toWire as toEvent } from '../events/index.ts';
import { clearMailbox, listMailbox, type MailboxMessage, mailboxSize } from '../mail/index.ts';
import { type Failures, failureRoutes } from './failures.ts';
import { mailboxPageRoutes } from './mailbox-routes.ts';
import { simulatedIdentityProviderRoutes } from './providers/idp/routes.ts';
import { providerIndexRoute } from './providers/index-routes.ts';
import { simulatedProviderRoutes } from './providers/routes.ts';
import { quiet } from './quiet.ts';
import { signInRoute } from './sign-in-routes.ts';
import { createSnapshots } from './snapshots.ts';

export interface DevControls {
  /** The same clock as `services.clock`. */
  readonly clock: MovableClock;
  /** Makes the first start's rows again: environments, keys, seed. The tables are empty when it is called. */
  readonly setUp: () => Promise<void>;
  readonly failures: Failures;
  /** Where what outlives a start is kept; null: nowhere. */
  readonly dataDir: string | null;
}

/** Longest step of the clock: ten years, in seconds. A typing mistake must not lead out of the dates we can print. */
const maxStepSeconds = 10 * 366 * 86_400;

const Message = z.object({
  id: z.string(),
  to: z.string(),
  from: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  created_at: timestamp,
});

const toMessage = ({ createdAt, ...message }: MailboxMessage): z.input<typeof Message> => ({
  ...message,
  created_at: toTimestamp(createdAt),
});

const ClockState = z.object({ now: timestamp, offset_seconds: z.number().describe('0: real time.') });

const clockChange = z
  .object({
    advance_seconds: z.number().min(-maxStepSeconds).max(maxStepSeconds).optional(),
    now: z.iso.datetime({ offset: true }).optional(),
  })
  .refine(({ advance_seconds, now }) => (advance_seconds === undefined) !== (now === undefined), {
    message: 'send either advance_seconds or now',
  });

const internal = { auth: devKey(), errors: [], internal: true } as const;
const nothing = { status: 204 } as const;

/** @param services - whose tables are reset and whose clock is moved */
export function devRoutes(
  services: Pick<Services, 'db' | 'jobs' | 'now'>,
  { clock, setUp, failures, dataDir }: DevControls,
): readonly Route[] {
  const snapshots = createSnapshots({ ...services, clock }, setUp);
  const clockState = () => ({ now: toTimestamp(clock.now()), offset_seconds: clock.offsetSeconds });

  return [
    ...mailboxPageRoutes,
    providerIndexRoute,
    ...simulatedProviderRoutes(),
    ...simulatedIdentityProviderRoutes(dataDir),
    ...failureRoutes(failures),
    signInRoute,

    route(
      {
        ...internal,
        operationId: 'listMailboxMessages',
        method: 'GET',
        path: '/dev/mailbox/messages',
        summary: 'List the mails that were sent, newest first',
        description: 'Mails that are on their way arrive first.',
        query: z.object({
          to: z.string().optional().describe('Only mails to this address.'),
          limit: z.coerce.number().int().min(1).max(mailboxSize).default(100),
        }),
        returns: { status: 200, body: z.object({ data: z.array(Message) }) },
      },
      async ({ query }, { db, vault, jobs }) => {
        await quiet(jobs);
        return { data: (await listMailbox({ db, vault }, query)).map(toMessage) };
      },
    ),

    route(
      {
        ...internal,
        operationId: 'clearMailbox',
        method: 'DELETE',
        path: '/dev/mailbox/messages',
        summary: 'Delete every mail in the mailbox',
        returns: nothing,
      },
      async (_context, { db, jobs }) => {
        await quiet(jobs);
        await clearMailbox({ db });
        return reply.empty({ status: 204 });
      },
    ),

    route(
      {
        ...internal,
        operationId: 'listEventsForTests',
        method: 'GET',
        path: '/dev/events',
        summary: 'List what happened, newest first',
        query: z.object({
          user_id: z.string().optional(),
          limit: z.coerce.number().int().min(1).max(1000).default(100),
        }),
        returns: { status: 200, body: z.object({ data: z.array(Event) }) },
      },
      async ({ tenant, query }, { db }) => ({
        data: (await newestEvents(db, tenant, { userId: query.user_id }, query.limit)).map(toEvent),
      }),
    ),

    route(
      {
        ...internal,
        operationId: 'getClock',
        method: 'GET',
        path: '/dev/clock',
        summary: 'Read the server’s clock',
        returns: { status: 200, body: ClockState },
      },
      async () => clockState(),
    ),

    route(
      {
        ...internal,
        operationId: 'moveClock',
        method: 'POST',
        path: '/dev/clock',
        summary: 'Move the server’s clock; it runs on from there',
        description: 'Send `advance_seconds` (negative moves it back) or `now`.',
        body: clockChange,
        returns: { status: 200, body: ClockState },
      },
      async ({ body }) => {
        if (body.now !== undefined) clock.moveTo(new Date(body.now));
        else clock.advance(body.advance_seconds ?? 0);
        return clockState();
      },
    ),

    route(
      {
        ...internal,
        operationId: 'resetClock',
        method: 'DELETE',
        path: '/dev/clock',
        summary: 'Return to real time',
        returns: { status: 200, body: ClockState },
      },
      async () => {
        clock.reset();
        return clockState();
      },
    ),

    route(
      {
        ...internal,
        operationId: 'reset',
        method: 'POST',
        path: '/dev/reset',
        summary: 'Return to the first start',
        description: 'The same keys and seed, no owner, real time, no ordered failures. Snapshots stay.',
        returns: nothing,
      },
      async () => {
        clock.reset();
        failures.clear();
        await snapshots.reset();
        return reply.empty({ status: 204 });
      },
    ),

    route(
      {
        ...internal,
        operationId: 'takeSnapshot',
        method: 'POST',
        path: '/dev/snapshots',
        summary: 'Remember everything the database holds',
        description: 'And how far the clock is from real time. In memory, the newest 50.',
        returns: { status: 201, body: z.object({ id: z.string(), created_at: timestamp }) },
      },
      async () => {
        const { id, createdAt } = await snapshots.take();
        return { id, created_at: toTimestamp(createdAt) };
      },
    ),

    route(
      {
        ...internal,
        operationId: 'restoreSnapshot',
        method: 'POST',
        path: '/dev/snapshots/{id}/restore',
        summary: 'Put back what the database held then',
        params: z.object({ id: z.string() }),
        returns: nothing,
        errors: [EntityNotFound],
      },
      async ({ params }) => {
        await snapshots.restore(params.id);
        failures.clear();
        return reply.empty({ status: 204 });
      },
    ),
  ];
}
