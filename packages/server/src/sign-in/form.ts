import { z } from 'zod';
import { Reply, TooManyRequests } from '../core/index.ts';
import type { Problem } from './pages/index.ts';
import { viaAppQuery } from './via-app.ts';

export const attemptQuery = z.object({ attempt: z.string().max(64) });

type Fields<Shape extends z.ZodRawShape> = z.output<z.ZodObject<Shape>>;

/** A page that was bookmarked without its attempt may say whose it is, and what for. */
const pageQuery = z.object({ attempt: z.string().max(64).optional(), ...viaAppQuery });
export type PageQuery<Shape extends z.ZodRawShape> = z.output<typeof pageQuery> & Fields<Shape>;

/** The attempt, and what else the address of a page may carry. */
export const queryOf = <Shape extends z.ZodRawShape>(shape: Shape) =>
  pageQuery.extend(shape) as unknown as z.ZodType<PageQuery<Shape>>;

/** A field of a form, as typed. Longer than anything a person types is cut by the limit of the field, not by us. */
export const text = z.string().max(2048).default('');

/** What every form carries. `passkeys`: `1` when a script found that the device can keep one. */
const common = z.object({ csrf: text, step: text, passkeys: text });
export type FormBody<Shape extends z.ZodRawShape> = z.output<typeof common> & Fields<Shape>;

/** That, and a form's own fields. */
export const formBody = <Shape extends z.ZodRawShape>(shape: Shape) =>
  common.extend(shape) as unknown as z.ZodType<FormBody<Shape>>;

/** Too many of something are told on the page, with how long to wait. */
export async function tellingLimits(
  answer: () => Promise<Reply>,
  told: (problem: Problem) => Reply | Promise<Reply>,
): Promise<Reply> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof TooManyRequests)) throw error;
    const { retryAfterSeconds } = error;
    const problem: Problem = { message: 'common.tooManyTries', waitSeconds: retryAfterSeconds };
    return withRetryAfter(await told(problem), retryAfterSeconds);
  }
}

export const withRetryAfter = ({ content, status, cookies }: Reply, seconds: number): Reply =>
  new Reply(content, status, { cookies, headers: { 'retry-after': String(seconds) } });
