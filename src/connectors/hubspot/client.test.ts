import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { TributaryError } from '../../kernel/errors.ts';
import { makeTestSession, type TestSession } from '../conformance.ts';
import { callHubspot, standardLimits } from './client.ts';

type Reply = (response: ServerResponse, request: IncomingMessage) => void;

const limits = {
  ...standardLimits,
  timeoutMs: 800,
  attemptsMax: 3,
  backoffMs: 5,
  lockedWaitMs: 10,
  responseBytesMax: 2_000,
  rateLimitedMax: 3,
};
const call = { name: 'GET deals', bucket: 'general', method: 'GET', path: '/deals' } as const;
const answerSchema = z.object({ id: z.string() });
const token = 'pat-na1-secret-token';

const ok: Reply = (response) => response.end('{"id":"1"}');
const status =
  (code: number, body: unknown, headers: Record<string, string> = {}): Reply =>
  (response) =>
    response.writeHead(code, headers).end(JSON.stringify(body));
const html: Reply = (response) => response.writeHead(502).end('<!DOCTYPE html><h1>Bad gateway</h1>');
const htmlWith200: Reply = (response) => response.end('<html>maintenance</html>');
const cutOff: Reply = (response) => response.end('{"id":"Secret name of a custo');
const reset: Reply = (_response, request) => request.socket.destroy();
const hang: Reply = () => undefined;
const limited = (policyName: string, headers: Record<string, string> = {}): Reply =>
  status(429, { status: 'error', message: `You have reached your limit.`, policyName }, headers);

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

/** A server that answers by the script; the last reply repeats. */
async function scripted(...replies: Reply[]): Promise<{ session: TestSession; tokens: string[] }> {
  const tokens: string[] = [];
  let next = 0;
  server = createServer((request, response) => {
    tokens.push(request.headers.authorization ?? '');
    const reply = replies[Math.min(next, replies.length - 1)] ?? ok;
    next += 1;
    reply(response, request);
  });
  await new Promise<void>((resolve) => {
    server?.listen(0, '127.0.0.1', resolve);
  });
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const endpoint = { apiUrl, appUrl: apiUrl, clientId: null, clientSecret: null };
  return { session: makeTestSession({ endpoint, token, accountId: '1' }), tokens };
}

async function failureOf(session: TestSession): Promise<TributaryError> {
  const error = await callHubspot({ session, limits }, call, answerSchema).catch((reason: unknown) => reason);
  if (!(error instanceof TributaryError)) throw new Error(`A TributaryError was expected: ${String(error)}`);
  return error;
}

describe('A call to HubSpot', () => {
  test.each([
    ['a web page of a gateway', html],
    ['a web page with status 200', htmlWith200],
    ['an answer that is cut off', cutOff],
    ['a connection that breaks', reset],
    ['a server that hangs', hang],
    ['a portal that is moved', status(477, {}, { 'retry-after': '0' })],
    ['a locked record', status(423, {})],
    ['an outage', status(503, {})],
  ])('is tried again after %s', async (_name, trouble) => {
    const { session } = await scripted(trouble, ok);
    expect(await callHubspot({ session, limits }, call, answerSchema)).toEqual({ id: '1' });
    expect(session.calls.length).toBe(2);
  });

  test.each([
    ['a web page', htmlWith200],
    ['an answer that is cut off', cutOff],
    ['a connection that breaks', reset],
    ['a server that hangs', hang],
    ['an outage', status(500, {})],
  ])('ends as unavailable when %s stays, and repeats no data', async (_name, trouble) => {
    const { session } = await scripted(trouble);
    const error = await failureOf(session);
    expect(error.code).toBe('vendor_unavailable');
    expect(session.calls.length).toBe(limits.attemptsMax);
    expect(JSON.stringify([String(error), String(error.cause)])).not.toContain('Secret name');
  });

  test.each([
    [400, { category: 'VALIDATION_ERROR', message: 'Page size is wrong' }, 'vendor_rejected'],
    [404, { category: 'OBJECT_NOT_FOUND' }, 'vendor_missing'],
    [409, { category: 'CONFLICT' }, 'vendor_conflict'],
    [414, {}, 'vendor_rejected'],
  ])('is not repeated when it is refused with %i', async (code, body, expected) => {
    const { session } = await scripted(status(code, body));
    const error = await failureOf(session);
    expect(error.code).toBe(expected);
    expect(session.calls).toEqual([{ endpoint: 'GET deals', status: code }]);
  });

  test('names the scope that is missing', async () => {
    const context = { requiredGranularScopes: ['crm.objects.deals.read'] };
    const { session } = await scripted(
      status(403, { category: 'MISSING_SCOPES', message: 'see the guide', errors: [{ context }] }),
    );
    const error = await failureOf(session);
    expect(error.code).toBe('vendor_auth');
    expect(error.detail).toContain('missing scopes: crm.objects.deals.read');
  });

  test('never repeats the token that the vendor repeats', async () => {
    const { session } = await scripted(status(403, { message: `The token ${token} may not do that` }));
    expect(String(await failureOf(session))).not.toContain(token);
  });

  test('has a rejected token refreshed once', async () => {
    const { session, tokens } = await scripted(status(401, {}), ok);
    let current = token;
    const rejected: string[] = [];
    const renewing: TestSession = {
      ...session,
      accessToken: () => Promise.resolve(current),
      refreshToken: (old) => {
        rejected.push(old);
        current = 'fresh';
        return Promise.resolve(current);
      },
    };
    await callHubspot({ session: renewing, limits }, call, answerSchema);
    expect(tokens).toEqual([`Bearer ${token}`, 'Bearer fresh']);
    expect(rejected).toEqual([token]);
  });

  test('gives up on the second 401', async () => {
    const { session } = await scripted(status(401, { category: 'EXPIRED_AUTHENTICATION' }));
    expect((await failureOf(session)).code).toBe('vendor_auth');
    expect(session.calls.length).toBe(2);
  });

  test('waits as long as a burst limit asks and says so', async () => {
    const { session } = await scripted(limited('TEN_SECONDLY_ROLLING', { 'retry-after': '1' }), ok);
    const startedAt = Date.now();
    await callHubspot({ session, limits }, call, answerSchema);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(990);
    expect(session.waits[0]).not.toBeNull();
    expect(session.waits.at(-1)).toBeNull();
  });

  test('holds the other calls of the same bucket while one waits', async () => {
    const { session } = await scripted(limited('SECONDLY', { 'retry-after': '0.3' }), ok);
    const startedAt = Date.now();
    const first = callHubspot({ session, limits }, call, answerSchema);
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
    await callHubspot({ session, limits }, call, answerSchema);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(290);
    await first;
  });

  test('fails as rate limited when the limit never ends', async () => {
    const { session } = await scripted(limited('SECONDLY', { 'retry-after': '0' }));
    expect((await failureOf(session)).code).toBe('vendor_rate_limited');
    expect(session.calls.length).toBe(limits.rateLimitedMax + 1);
  });

  test('does not sit out the daily limit and says when the day ends', async () => {
    const { session } = await scripted(limited('DAILY'));
    const error = await failureOf({ ...session, timeZone: 'Pacific/Auckland' });
    expect(error.code).toBe('vendor_rate_limited');
    expect(error.retryAfterMs).toBeGreaterThan(0);
    expect(error.retryAfterMs).toBeLessThanOrEqual(25 * 3_600_000);
    expect(session.calls.length).toBe(1);
  });

  test('takes the size of the budget from the headers', async () => {
    const { session } = await scripted(
      status(
        200,
        { id: '1' },
        {
          'X-HubSpot-RateLimit-Max': '190',
          'X-HubSpot-RateLimit-Interval-Milliseconds': '10000',
          'X-HubSpot-RateLimit-Remaining': '3',
        },
      ),
    );
    await callHubspot({ session, limits }, call, answerSchema);
    for (let taken = 0; taken < 3; taken += 1) {
      expect(session.budgets.waitMs?.('general')).toBe(0);
      await session.budgets.take('general', session.signal);
    }
    expect(session.budgets.waitMs?.('general')).toBeGreaterThan(5_000);
  });

  test('stops while it waits when the work is canceled', async () => {
    const { session } = await scripted(limited('SECONDLY', { 'retry-after': '30' }));
    const controller = new AbortController();
    const running = callHubspot(
      { session: { ...session, signal: controller.signal }, limits },
      call,
      answerSchema,
    );
    setTimeout(() => controller.abort(new Error('canceled')), 50);
    await expect(running).rejects.toThrow('canceled');
  });

  test('says at which place an answer is not as documented', async () => {
    const { session } = await scripted(status(200, { id: { secret: 'value' } }));
    const error = await failureOf(session);
    expect(error.code).toBe('vendor_unavailable');
    expect(error.detail).toBe('HubSpot, GET deals: the answer has not the documented form at id.');
  });

  test('does not read an answer without end', async () => {
    const { session } = await scripted((response) => response.end('x'.repeat(10_000)));
    expect((await failureOf(session)).code).toBe('vendor_unavailable');
    expect(session.calls.length).toBe(1);
  });
});
