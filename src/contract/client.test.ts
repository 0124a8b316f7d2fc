import { describe, expect, test } from 'vitest';
import { ApiError, createClient } from './client.ts';
import { idempotencyKeyHeader, pageHeader } from './headers.ts';

interface Sent {
  readonly address: string;
  readonly init: RequestInit;
}

/** A client whose network gives this answer, and what it was asked. */
function clientWith(answer: () => Response | Promise<Response>) {
  const sent: Sent[] = [];
  const client = createClient({
    baseUrl: 'http://books.example/',
    headers: { authorization: 'Bearer k' },
    fetch: async (address, init) => {
      sent.push({ address: typeof address === 'string' ? address : 'not a text', init: init ?? {} });
      return answer();
    },
  });
  return { client, sent };
}

const json = (body: unknown, status = 200): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

describe('The client', () => {
  test('puts params into the path, encoded, and the query behind it, without what is undefined', async () => {
    const { client, sent } = clientWith(() => json({ ok: true }));
    await client.call('getWhy', { params: { id: 'a b', deal: 'https://crm.example/deal/1' } });
    await client.call('listDocuments', { query: { limit: 5, mode: undefined, currency: 'EUR' } });
    expect(sent.map(({ address }) => address)).toEqual([
      'http://books.example/api/v1/connections/a%20b/why/https%3A%2F%2Fcrm.example%2Fdeal%2F1',
      'http://books.example/api/v1/documents?limit=5&currency=EUR',
    ]);
  });

  test('sends the body as JSON with its key and says that it is the page', async () => {
    const { client, sent } = clientWith(() => json({ data: [] }));
    await client.call('postDocuments', { body: { ids: ['x'] }, idempotencyKey: 'once' });
    const headers = new Headers(sent[0]?.init.headers);
    expect(sent[0]?.init.body).toBe('{"ids":["x"]}');
    expect(headers.get('content-type')).toBe('application/json');
    expect(headers.get(idempotencyKeyHeader)).toBe('once');
    expect(headers.get(pageHeader)).toBe('1');
    expect(headers.get('authorization')).toBe('Bearer k');
  });

  test('answers null where there is nothing to answer', async () => {
    const { client } = clientWith(() => new Response(null, { status: 204 }));
    expect(await client.call('signOut')).toBeNull();
  });

  test('throws the problem that the server answered', async () => {
    const problem = {
      type: '/api/docs#not_found',
      title: 'There is no such record.',
      status: 404,
      code: 'not_found',
      detail: 'Gone.',
      mend: 'Check the id.',
      fields: [],
      requestId: 'r',
    };
    const { client } = clientWith(() => json(problem, 404));
    const error = await client.call('getSession').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      code: 'not_found',
      status: 404,
      problem,
      message: 'There is no such record. Gone.',
    });
  });

  test('throws unavailable with status 0 when nobody answers', async () => {
    const { client } = clientWith(() => Promise.reject(new TypeError('fetch failed')));
    await expect(client.call('getSession')).rejects.toMatchObject({ code: 'unavailable', status: 0 });
  });

  test('throws unavailable when something else than Tributary answers', async () => {
    const { client } = clientWith(() => new Response('<html>', { status: 502 }));
    await expect(client.call('getSession')).rejects.toMatchObject({ code: 'unavailable', status: 502 });
    const fine = clientWith(() => new Response('<html>', { status: 200 }));
    await expect(fine.client.call('getSession')).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('lets an abort through as it is', async () => {
    const stop = new AbortController();
    stop.abort(new Error('left the page'));
    const { client } = clientWith(() => Promise.reject(stop.signal.reason as Error));
    await expect(client.call('getSession', { signal: stop.signal })).rejects.toThrow('left the page');
  });
});
