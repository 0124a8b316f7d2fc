import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTestClient, type TestClient } from './test-client.ts';

let client: TestClient;
let now = Date.parse('2026-11-24T00:00:00Z');
beforeEach(async () => {
  now = Date.parse('2026-11-24T00:00:00Z');
  client = await startTestClient({
    now: () => now,
    behaviour: { unthrottled: false, burstLimit: 5, associationLimit: 3, oauthBurstLimit: 4 },
  });
});
afterEach(() => client.running.close());

const DEALS = '/crm/objects/2026-09/deals';
const ASSOCIATIONS = '/crm/associations/2026-09/deals/companies/batch/read';

async function statuses(count: number, run: () => Promise<{ status: number }>): Promise<number[]> {
  const result: number[] = [];
  for (let at = 0; at < count; at += 1) result.push((await run()).status);
  return result;
}

describe('rate limits', () => {
  test('the burst is counted over a rolling ten seconds and told in headers', async () => {
    const first = await client.call('GET', DEALS);
    expect(first.headers.get('x-hubspot-ratelimit-max')).toBe('5');
    expect(first.headers.get('x-hubspot-ratelimit-remaining')).toBe('4');
    expect(first.headers.get('x-hubspot-ratelimit-interval-milliseconds')).toBe('10000');
    expect(first.headers.get('x-hubspot-ratelimit-daily')).toBe('625000');
    now += 6000;
    expect(await statuses(5, () => client.call('GET', DEALS))).toEqual([200, 200, 200, 200, 429]);
    now += 4000;
    expect(await statuses(2, () => client.call('GET', DEALS))).toEqual([200, 429]);
  });

  test('a refused call says so in the documented body and is recorded', async () => {
    const replies = await Promise.all(Array.from({ length: 6 }, () => client.call('GET', DEALS)));
    const refused = replies.find((reply) => reply.status === 429);
    expect(refused?.body).toMatchObject({
      status: 'error',
      message: 'You have reached your ten_secondly_rolling limit.',
      errorType: 'RATE_LIMIT',
      policyName: 'TEN_SECONDLY_ROLLING',
    });
    expect(refused?.headers.get('retry-after')).toBeNull();
    expect(client.running.control.violations().byRule).toEqual({ over_limit: 1 });
  });

  test('search, associations and the rest have buckets of their own', async () => {
    expect(await statuses(6, () => client.call('POST', `${DEALS}/search`, {}))).toEqual([
      200, 200, 200, 200, 200, 429,
    ]);
    expect(await statuses(4, () => client.call('POST', ASSOCIATIONS, { inputs: [] }))).toEqual([
      200, 200, 200, 429,
    ]);
    expect(await statuses(5, () => client.call('GET', DEALS))).toEqual([200, 200, 200, 200, 200]);
    now += 1000;
    const searched = await client.call('POST', `${DEALS}/search`, {});
    expect(searched.status).toBe(200);
    expect(client.running.control.calls().byBucket).toEqual({ search: 7, associations: 4, general: 5 });
  });

  test('search is shared by all apps of an account, bursts are not, and accounts are apart', async () => {
    const oauth = client.running.control.issueTokens({}).accessToken;
    await statuses(3, () => client.call('POST', `${DEALS}/search`, {}));
    expect(await statuses(3, () => client.call('POST', `${DEALS}/search`, {}, oauth))).toEqual([
      200, 200, 429,
    ]);
    await statuses(5, () => client.call('GET', DEALS));
    const reply = await client.call('GET', DEALS, undefined, oauth);
    expect(reply.headers.get('x-hubspot-ratelimit-max')).toBe('4');
    expect(reply.headers.get('x-hubspot-ratelimit-daily')).toBeNull();
    expect((await client.call('GET', DEALS, undefined, client.running.portals[1]?.token ?? '')).status).toBe(
      200,
    );
  });

  test('the daily quota ends with DAILY and starts again at midnight of the account', async () => {
    client.running.control.setOptions({ dailyLimit: 2, burstLimit: 100 });
    await statuses(2, () => client.call('GET', DEALS));
    expect((await client.call('GET', DEALS)).body.policyName).toBe('DAILY');
    // The account is in Auckland, 13 hours ahead: its midnight is at 11:00 UTC.
    now = Date.parse('2026-11-24T10:59:59Z');
    expect((await client.call('GET', DEALS)).status).toBe(429);
    now = Date.parse('2026-11-24T11:00:01Z');
    expect((await client.call('GET', DEALS)).status).toBe(200);
  });

  test('limits can be switched off', async () => {
    client.running.control.setOptions({ unthrottled: true });
    expect(new Set(await statuses(20, () => client.call('GET', DEALS)))).toEqual(new Set([200]));
  });
});

describe('strict mode', () => {
  test('undated paths, unknown endpoints, long URLs and bodies that are not JSON are refused and recorded', async () => {
    client.running.control.setOptions({ unthrottled: true });
    expect((await client.call('GET', '/crm/v3/objects/deals')).status).toBe(404);
    expect((await client.call('GET', '/crm/objects/2026-09/deals/1/2/3')).status).toBe(404);
    expect((await client.call('GET', `${DEALS}?properties=${'x'.repeat(17_000)}`)).status).toBe(414);
    const plain = await fetch(`${client.running.url}${DEALS}/search`, {
      method: 'POST',
      body: '{}',
      headers: {
        Authorization: `Bearer ${client.running.portals[0]?.token ?? ''}`,
        'Content-Type': 'text/plain',
      },
    });
    expect(plain.status).toBe(415);
    expect(client.running.control.violations().byRule).toEqual({
      undated_path: 1,
      unknown_endpoint: 1,
      uri_too_long: 1,
      wrong_content_type: 1,
    });
  });

  test('legacy paths can be served, and are recorded all the same', async () => {
    client.running.control.setOptions({ unthrottled: true, legacyPaths: true });
    const dated = await client.get(`${DEALS}?limit=2`);
    expect((await client.get('/crm/v3/objects/deals?limit=2')).results).toEqual(dated.results);
    expect((await client.call('GET', '/crm/v3/owners')).status).toBe(200);
    const body = { inputs: [{ id: dated.results[0].id }] };
    expect((await client.call('POST', '/crm/v4/associations/deals/companies/batch/read', body)).status).toBe(
      200,
    );
    expect(client.running.control.violations().byRule).toEqual({ undated_path: 3 });
  });

  test('calls are counted by endpoint and can be looked at and reset', async () => {
    await client.get(`${DEALS}?limit=1`);
    await client.call('POST', `${DEALS}/search`, {});
    const calls = await (await fetch(`${client.running.url}/__sandbox/calls?recent=1`)).json();
    expect(calls).toMatchObject({
      total: 2,
      byEndpoint: { 'GET /crm/objects/2026-09/deals': 1, 'POST /crm/objects/2026-09/deals/search': 1 },
      byStatus: { 200: 2 },
    });
    expect((calls as { recent: unknown[] }).recent).toHaveLength(1);
    await fetch(`${client.running.url}/__sandbox/calls`, { method: 'DELETE' });
    expect(client.running.control.calls().total).toBe(0);
  });
});
