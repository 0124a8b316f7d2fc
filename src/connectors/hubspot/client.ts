import { setTimeout as delay } from 'node:timers/promises';
import type { z } from 'zod';
import { type Instant, toInstant } from '../../kernel/dates.ts';
import type { TributaryError } from '../../kernel/errors.ts';
import { type HttpAnswer, HttpFailure, sendRequest } from '../../platform/http/send-request.ts';
import type { Session } from '../connector.ts';
import {
  type BucketName,
  configureBudgets,
  msUntilMidnight,
  observeHeaders,
  observeRefusal,
} from './budgets.ts';
import { failureFrom, isUnavailable, readErrorBody, unavailable } from './failure.ts';

export interface CallLimits {
  /** HubSpot's own gateway gives up after about 30 s; what is slower is lost. */
  readonly timeoutMs: number;
  /** 200 search rows or 100 records with every property stay below 5 MB; more is not an answer of this API. */
  readonly responseBytesMax: number;
  /** Tries of one call while HubSpot is unavailable. With the backoff below some 15 s: longer outages are the next sync's. */
  readonly attemptsMax: number;
  /** First wait; doubled with each try. */
  readonly backoffMs: number;
  readonly backoffMsMax: number;
  /** A locked record wants at least two seconds (error handling guide). */
  readonly lockedWaitMs: number;
  /** Times that one call may meet a burst limit. Each costs a wait and no failure; without an end a wrong limit would hang. */
  readonly rateLimitedMax: number;
  /** A Retry-After beyond this is not sat out: the call fails as rate limited or unavailable and says when to come back. */
  readonly retryAfterMsMax: number;
}

export const standardLimits: CallLimits = {
  timeoutMs: 30_000,
  responseBytesMax: 32 * 1024 * 1024,
  attemptsMax: 5,
  backoffMs: 1_000,
  backoffMsMax: 20_000,
  lockedWaitMs: 2_000,
  rateLimitedMax: 20,
  retryAfterMsMax: 60_000,
};

/** One session and the limits of its calls: what every function of this folder that calls HubSpot is given. */
export interface HubspotClient {
  readonly session: Session;
  readonly limits: CallLimits;
}

export interface HubspotCall {
  /** Name for counting, such as `POST deals/search`. */
  readonly name: string;
  readonly bucket: BucketName;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** How the tries of one call stand. */
interface Attempt {
  tried: number;
  rateLimited: number;
  refreshed: boolean;
}

type Failed = { readonly error: TributaryError };
type Again = { readonly retryInMs: number; readonly pauseBucket: boolean };

/**
 * Makes one call and decodes its answer. Waits for the bucket's budget, tries again while HubSpot is unavailable or busy, and has
 * a rejected token refreshed once. Every call of this connector reads, so each may be repeated.
 * Errors: the six vendor kinds; the session's abort reason.
 */
export async function callHubspot<Schema extends z.ZodType>(
  client: HubspotClient,
  call: HubspotCall,
  schema: Schema,
): Promise<z.output<Schema>> {
  const { session } = client;
  configureBudgets(session.budgets);
  const attempt: Attempt = { tried: 0, rateLimited: 0, refreshed: false };
  for (;;) {
    const outcome = await tryOnce(client, call, schema, attempt);
    if ('value' in outcome) return outcome.value;
    if ('error' in outcome) throw outcome.error;
    if (outcome.pauseBucket) session.budgets.pause(call.bucket, Date.now() + outcome.retryInMs);
    if (outcome.retryInMs > 0) await wait(session, outcome.retryInMs);
  }
}

async function tryOnce<Schema extends z.ZodType>(
  client: HubspotClient,
  call: HubspotCall,
  schema: Schema,
  attempt: Attempt,
): Promise<{ readonly value: z.output<Schema> } | Failed | Again> {
  const { session } = client;
  const token = await session.accessToken();
  await takeBudget(session, call.bucket);
  const sent = await send(client, call, token);
  if ('error' in sent) return sent.repeatable ? againOrFail(client, attempt, sent.error) : sent;
  const { answer } = sent;
  if (answer.status === 429) observeRefusal(session.budgets, call.bucket);
  else if (answer.status < 300) observeHeaders(session.budgets, call.bucket, answer.headers);
  if (answer.status >= 200 && answer.status < 300) {
    const decoded = decode(call, answer, schema);
    if ('value' in decoded || !decoded.repeatable) return decoded;
    return againOrFail(client, attempt, decoded.error);
  }
  if (answer.status === 401 && !attempt.refreshed) {
    attempt.refreshed = true;
    await session.refreshToken(token);
    return { retryInMs: 0, pauseBucket: false };
  }
  return judge(client, call, answer, attempt, token);
}

function againOrFail(client: HubspotClient, attempt: Attempt, error: TributaryError): Failed | Again {
  attempt.tried += 1;
  if (attempt.tried >= client.limits.attemptsMax) return { error };
  return { retryInMs: backoff(client.limits, attempt.tried), pauseBucket: false };
}

/** Waits for the budget; a wait that a person would notice is said. */
async function takeBudget(session: Session, bucket: BucketName): Promise<void> {
  const waitMs = session.budgets.waitMs?.(bucket) ?? 0;
  if (waitMs < noticeableWaitMs) return session.budgets.take(bucket, session.signal);
  session.onWait(instantIn(waitMs));
  await session.budgets.take(bucket, session.signal);
  session.onWait(null);
}

const noticeableWaitMs = 1_000;

/** `repeatable`: trying again may help. */
type NoAnswer = Failed & { readonly repeatable: boolean };

async function send(
  client: HubspotClient,
  call: HubspotCall,
  token: string,
): Promise<{ readonly answer: HttpAnswer } | NoAnswer> {
  const { session, limits } = client;
  const query = call.query ? `?${new URLSearchParams(call.query).toString()}` : '';
  try {
    const answer = await sendRequest({
      method: call.method,
      url: `${session.endpoint.apiUrl}${call.path}${query}`,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      timeoutMs: limits.timeoutMs,
      responseBytesMax: limits.responseBytesMax,
      signal: session.signal,
    });
    session.onCall({ endpoint: call.name, status: answer.status, durationMs: answer.durationMs });
    return { answer };
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    session.onCall({ endpoint: call.name, status: 0, durationMs: error.durationMs });
    session.signal.throwIfAborted();
    return {
      error: unavailable('HubSpot', error.message, error),
      repeatable: error.kind !== 'too_large',
    };
  }
}

/** A body that is not JSON is a broken connection or a proxy's page and may be better next time; a wrong shape stays wrong. */
function decode<Schema extends z.ZodType>(
  call: HubspotCall,
  answer: HttpAnswer,
  schema: Schema,
): { readonly value: z.output<Schema> } | NoAnswer {
  let json: unknown;
  try {
    json = JSON.parse(answer.body);
  } catch (error) {
    const reason = answer.body.trimStart().startsWith('<')
      ? 'the answer is a web page'
      : 'the answer is cut off';
    return { error: unavailable(`HubSpot, ${call.name}`, reason, withoutText(error)), repeatable: true };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { value: parsed.data };
  const place = parsed.error.issues[0]?.path.join('.') ?? '';
  const reason = `the answer has not the documented form${place === '' ? '' : ` at ${place}`}`;
  return { error: unavailable(`HubSpot, ${call.name}`, reason), repeatable: false };
}

/** JSON.parse repeats a piece of the text in its message, and that is a customer's data. */
function withoutText(error: unknown): Error {
  return new Error(error instanceof Error ? error.name : 'SyntaxError');
}

/** What to do about a refused call: wait so long and try again, or give up with this error. */
function judge(
  client: HubspotClient,
  call: HubspotCall,
  answer: HttpAnswer,
  attempt: Attempt,
  token: string,
): Failed | Again {
  const { session, limits } = client;
  const body = readErrorBody(answer.body);
  const asked = retryAfterMs(answer.headers.get('retry-after'));
  const fail = (waitMs: number | null): Failed => ({
    error: failureFrom(call.name, answer.status, body, [token], waitMs),
  });
  if (answer.status === 429) {
    if (body.policyName === 'DAILY' || /\bdaily limit\b/i.test(body.message ?? ''))
      return fail(asked ?? msUntilMidnight(new Date(), session.timeZone ?? 'UTC'));
    attempt.rateLimited += 1;
    const waitMs = asked ?? burstWaitMs(call.bucket, attempt.rateLimited);
    if (attempt.rateLimited > limits.rateLimitedMax || waitMs > limits.retryAfterMsMax) return fail(waitMs);
    return { retryInMs: waitMs, pauseBucket: true };
  }
  if (!isUnavailable(answer.status)) return fail(null);
  attempt.tried += 1;
  const waitMs = Math.max(
    asked ?? backoff(limits, attempt.tried),
    answer.status === 423 ? limits.lockedWaitMs : 0,
  );
  if (attempt.tried >= limits.attemptsMax || waitMs > limits.retryAfterMsMax) return fail(asked);
  return { retryInMs: waitMs, pauseBucket: false };
}

/** Doubling, with a part by chance: calls that failed together do not come back together. */
function backoff(limits: CallLimits, tried: number): number {
  const full = Math.min(limits.backoffMsMax, limits.backoffMs * 2 ** (tried - 1));
  return Math.round(full * (0.5 + Math.random() / 2));
}

/** Without Retry-After: search counts by the second, the other buckets by ten seconds, of which some have passed. */
function burstWaitMs(bucket: BucketName, times: number): number {
  return bucket === 'search' ? Math.min(5_000, 500 * times) : Math.min(10_000, 1_500 * times);
}

/** Seconds, or an HTTP date. */
function retryAfterMs(header: string | null): number | null {
  if (header === null || header.trim() === '') return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, Math.ceil(seconds * 1_000));
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}

async function wait(session: Session, ms: number): Promise<void> {
  const said = ms >= noticeableWaitMs;
  if (said) session.onWait(instantIn(ms));
  try {
    await delay(ms, undefined, { signal: session.signal });
  } catch (error) {
    session.signal.throwIfAborted();
    throw error;
  }
  if (said) session.onWait(null);
}

function instantIn(ms: number): Instant {
  return toInstant(new Date(Date.now() + ms));
}
