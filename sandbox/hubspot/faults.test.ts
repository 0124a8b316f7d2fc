import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { FaultRequest } from './faults.ts';
import { type Json, startTestClient, type TestClient } from './test-client.ts';

let client: TestClient;
beforeAll(async () => {
  client = await startTestClient();
});
afterEach(() => client.running.control.clearFaults());
afterAll(() => client.running.close());

const DEALS = '/crm/objects/2026-09/deals';

async function fault(request: FaultRequest): Promise<void> {
  const response = await fetch(`${client.running.url}/__sandbox/faults`, {
    method: 'POST',
    body: JSON.stringify(request),
  });
  expect(response.status).toBe(200);
}

function raw(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = {
    Authorization: `Bearer ${client.running.portals[0]?.token ?? ''}`,
    'Content-Type': 'application/json',
  };
  return fetch(`${client.running.url}${path}`, { ...init, headers });
}

test('a status fault hits the next matching calls only, after those to skip', async () => {
  await fault({ kind: 'status', status: 503, path: '/batch/read', method: 'POST', count: 2, skip: 1 });
  const seen: number[] = [];
  for (let at = 0; at < 4; at += 1)
    seen.push((await client.call('POST', `${DEALS}/batch/read`, { inputs: [] })).status);
  expect(seen).toEqual([200, 503, 503, 200]);
  expect((await client.call('GET', DEALS)).status).toBe(200);
});

test('an HTML page, a locked account, a migration and a rate limit of any policy can be answered', async () => {
  await fault({ kind: 'html' });
  const html = await raw(DEALS);
  expect([html.status, html.headers.get('content-type')]).toEqual([502, 'text/html; charset=UTF-8']);
  await fault({ kind: 'locked' });
  expect((await raw(DEALS)).status).toBe(423);
  await fault({ kind: 'migration', retryAfter: 7 });
  const migration = await raw(DEALS);
  expect([migration.status, migration.headers.get('retry-after')]).toEqual([477, '7']);
  await fault({ kind: 'rate_limit', policyName: 'DAILY', retryAfter: 3 });
  const limited = await raw(DEALS);
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '3']);
  expect(((await limited.json()) as Json).policyName).toBe('DAILY');
});

test('a truncated answer is no JSON any more', async () => {
  await fault({ kind: 'truncate' });
  const response = await raw(DEALS);
  expect(response.status).toBe(200);
  await expect(response.json()).rejects.toThrow(/JSON/);
});

test('a reset connection and a hanging one do no work', async () => {
  const before = client.running.control.records({ type: 'companies' }).length;
  const init = { method: 'POST', body: JSON.stringify({ properties: { name: 'Never made' } }) };
  await fault({ kind: 'reset', method: 'POST' });
  await expect(raw('/crm/objects/2026-09/companies', init)).rejects.toThrow('fetch failed');
  await fault({ kind: 'hang', method: 'POST' });
  const signal = AbortSignal.timeout(200);
  await expect(raw('/crm/objects/2026-09/companies', { ...init, signal })).rejects.toThrow(/timeout/);
  expect(client.running.control.records({ type: 'companies' })).toHaveLength(before);
});

test('a lost answer has done its work', async () => {
  await fault({ kind: 'lose_answer', path: 'batch/create' });
  const body = JSON.stringify({ inputs: [{ properties: { name: 'Made but not told' } }] });
  await expect(raw('/crm/objects/2026-09/companies/batch/create', { method: 'POST', body })).rejects.toThrow(
    'fetch failed',
  );
  const names = client.running.control
    .records({ type: 'companies' })
    .map((record) => (record as Json).properties.name);
  expect(names).toContain('Made but not told');
});

test('ids can be dropped from a batch read: named ones, or the first', async () => {
  const ids: string[] = (await client.get(`${DEALS}?limit=3`)).results.map((record: Json) => record.id);
  const read = async (): Promise<string[]> => {
    const reply = await client.post(`${DEALS}/batch/read`, { inputs: ids.map((id) => ({ id })) });
    return reply.results.map((record: Json) => record.id);
  };
  await fault({ kind: 'drop_ids' });
  await client.get(DEALS);
  expect(await read()).toEqual(ids.slice(1));
  await fault({ kind: 'drop_ids', ids: [ids[1] ?? ''] });
  expect(await read()).toEqual([ids[0], ids[2]]);
  expect(await read()).toEqual(ids);
});

test('a fault can belong to records: only calls that ask for one of them are hit', async () => {
  const ids: string[] = (await client.get(`${DEALS}?limit=3`)).results.map((record: Json) => record.id);
  const [bad = '', ...others] = ids;
  await fault({ kind: 'status', status: 500, ids: [bad], count: -1 });
  const read = async (wanted: string[]): Promise<number> =>
    (await client.call('POST', `${DEALS}/batch/read`, { inputs: wanted.map((id) => ({ id })) })).status;
  expect([await read(ids), await read(others), await read([`${bad}0`])]).toEqual([500, 200, 200]);
  expect((await client.call('GET', `${DEALS}/${bad}?properties=dealname`)).status).toBe(500);
  expect((await client.call('GET', `${DEALS}/${others[0] ?? ''}`)).status).toBe(200);
});

test('a share of the calls can be hit, the same ones for the same seed', async () => {
  await fault({ kind: 'status', status: 500, probability: 0.3, count: -1 });
  let hits = 0;
  for (let at = 0; at < 100; at += 1)
    if ((await client.call('GET', `${DEALS}?limit=1`)).status === 500) hits += 1;
  expect(hits).toBeGreaterThan(15);
  expect(hits).toBeLessThan(45);
});

test('a name of ten megabytes comes through', async () => {
  const [deal] = (await client.get(`${DEALS}?limit=1`)).results;
  client.running.control.bigName({ type: 'deals', id: deal.id });
  const read = await client.get(`${DEALS}/${deal.id}?properties=dealname`);
  expect(read.properties.dealname).toHaveLength(10_000_000);
});

test('the token endpoint can fail too', async () => {
  await fault({ kind: 'status', status: 500, path: '/oauth/.*/token' });
  const reply = await client.form('/oauth/2026-09/token', {});
  expect(reply.status).toBe(500);
});

test('a wrong control call says what there is', async () => {
  const unknown = await fetch(`${client.running.url}/__sandbox/nothing`);
  expect(unknown.status).toBe(404);
  expect(((await unknown.json()) as Json).known).toContain('POST /sell');
  const wrong = await fetch(`${client.running.url}/__sandbox/faults`, {
    method: 'POST',
    body: '{"kind":"flood"}',
  });
  expect(wrong.status).toBe(400);
  const option = await fetch(`${client.running.url}/__sandbox/options`, {
    method: 'POST',
    body: '{"speed":1}',
  });
  expect(option.status).toBe(400);
});
