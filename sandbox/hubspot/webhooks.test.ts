import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Json, startTestClient, type TestClient } from './test-client.ts';
import { signatureV3 } from './webhooks.ts';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly events: Json[];
}

let client: TestClient;
let server: Server;
let received: Received[];
let answers: number[];
let target: string;

beforeEach(async () => {
  client = await startTestClient({ behaviour: { webhookDelayMs: 5, webhookRetryMs: 10 } });
  received = [];
  answers = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString('utf8');
    });
    request.on('end', () => {
      received.push({ headers: request.headers, body, events: JSON.parse(body) as Json[] });
      response.writeHead(answers.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  target = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/hubspot?a=%2Fb`;
});
afterEach(async () => {
  await client.running.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function until(done: () => boolean): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!done()) {
    if (Date.now() > deadline) throw new Error(`nothing came: ${JSON.stringify(received)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function subscribe(...types: (string | { subscriptionType: string; propertyName: string })[]): void {
  client.running.control.addWebhook({
    targetUrl: target,
    subscriptions: types.map((type) => (typeof type === 'string' ? { subscriptionType: type } : type)),
  });
}

test('a won deal is told with a v3 signature over method, URI, body and timestamp', async () => {
  subscribe({ subscriptionType: 'deal.propertyChange', propertyName: 'dealstage' });
  const { deals } = client.running.control.sell({ count: 1 });
  await until(() => received.length === 1);
  const [{ headers, body, events }] = received as [Received];
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({
    objectId: Number(deals[0]),
    propertyName: 'dealstage',
    propertyValue: 'closedwon',
    subscriptionType: 'deal.propertyChange',
    portalId: 48151623,
    changeSource: 'CRM_UI',
    attemptNumber: 0,
  });
  const secret = client.running.portals[0]?.clientSecret ?? '';
  const signed = `POST${target.replace('%2F', '/')}${body}${String(headers['x-hubspot-request-timestamp'])}`;
  expect(headers['x-hubspot-signature-v3']).toBe(
    createHmac('sha256', secret).update(signed).digest('base64'),
  );
});

test('at most 100 events go into one call', async () => {
  subscribe('company.creation');
  for (let at = 0; at < 250; at += 1) {
    client.running.control.createRecord({ type: 'companies', properties: { name: `Co ${at}` } });
  }
  await until(() => received.reduce((sum, call) => sum + call.events.length, 0) === 250);
  expect(received.map((call) => call.events.length).sort((left, right) => left - right)).toEqual([
    50, 100, 100,
  ]);
});

test('a failed delivery is tried again, with its attempt number', async () => {
  answers = [500, 404];
  subscribe('deal.deletion');
  const id = (client.running.control.records({ type: 'deals' })[0] as Json).id;
  client.running.control.archiveRecord({ type: 'deals', id });
  await until(() => received.length === 3);
  expect(received.map((call) => call.events[0].attemptNumber)).toEqual([0, 1, 2]);
  await until(() => client.running.control.webhooks().deliveries.length === 3);
  expect(client.running.control.webhooks().deliveries.map((delivery) => delivery.status)).toEqual([
    500, 404, 200,
  ]);
});

test('a merge tells the three ids, the deletion of both, and no property change', async () => {
  subscribe('deal.merge', 'deal.deletion', 'deal.propertyChange');
  const [a, b] = client.running.control.records({ type: 'deals' }) as [Json, Json];
  const { id } = client.running.control.mergeRecords({ type: 'deals', primaryId: a.id, otherId: b.id });
  await until(() => received.length === 1);
  expect(received[0]?.events.map((event) => event.subscriptionType)).toEqual([
    'deal.merge',
    'deal.deletion',
    'deal.deletion',
  ]);
  expect(received[0]?.events[0]).toMatchObject({
    primaryObjectId: Number(a.id),
    mergedObjectIds: [Number(b.id)],
    newObjectId: Number(id),
  });
});

test('a primary company is told twice', async () => {
  subscribe('deal.associationChange');
  const deal = (client.running.control.records({ type: 'deals' }) as Json[]).find(
    (entry) => entry.associations.companies.length === 0,
  );
  const company = client.running.control.records({ type: 'companies' })[0] as Json;
  client.running.control.associate({
    from: { type: 'deals', id: deal.id },
    to: { type: 'companies', id: company.id },
    primary: true,
  });
  await until(() => received.length === 1);
  expect(received[0]?.events.map((event) => [event.associationType, event.isPrimaryAssociation])).toEqual([
    ['DEAL_TO_COMPANY', false],
    ['DEAL_TO_COMPANY', true],
  ]);
});

test('our own writes are told as an integration with the app as source', async () => {
  subscribe({ subscriptionType: 'object.propertyChange', propertyName: 'description' });
  const id = (client.running.control.records({ type: 'deals' })[0] as Json).id;
  await client.call('PATCH', `/crm/objects/2026-09/deals/${id}`, { properties: { description: 'echo' } });
  await until(() => received.length === 1);
  expect(received[0]?.events[0]).toMatchObject({
    changeSource: 'INTEGRATION',
    sourceId: '2800117',
    objectTypeId: '0-3',
  });
});

test('duplicates and disorder come when asked for', async () => {
  client.running.control.setOptions({ webhookDuplicates: true, webhookDisorder: true });
  subscribe('company.creation');
  const first = client.running.control.createRecord({ type: 'companies', properties: { name: 'One' } });
  const second = client.running.control.createRecord({ type: 'companies', properties: { name: 'Two' } });
  await until(() => received.length === 1);
  expect(received[0]?.events.map((event) => String(event.objectId))).toEqual([
    second.id,
    second.id,
    first.id,
    first.id,
  ]);
});

test('only twelve escapes of the URI are decoded before signing', () => {
  expect(signatureV3('s', 'POST', 'https://x/%2F%3a%20', 'b', '1')).toBe(
    signatureV3('s', 'POST', 'https://x//:%20', 'b', '1'),
  );
  expect(signatureV3('s', 'POST', 'https://x/%20', 'b', '1')).not.toBe(
    signatureV3('s', 'POST', 'https://x/ ', 'b', '1'),
  );
});
