import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { unlimitedRateBudgets } from '../../platform/rate-budget/rate-budgets.ts';
import { makeRecordStore, makeTestSession, pullOnce, type TestSession } from '../conformance.ts';
import { hubspot } from './hubspot.ts';

/** What a request was: path, query and body. */
interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: {
    readonly filterGroups?: readonly {
      filters: { propertyName: string; operator: string; value: string }[];
    }[];
    readonly after?: string;
    readonly limit?: number;
    readonly inputs?: readonly { id: string }[];
  };
}

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(answer: (asked: Asked) => unknown): Promise<TestSession> {
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const body = JSON.parse(text || '{}') as Asked['body'];
      response.end(JSON.stringify(answer({ path: url.pathname, query: url.searchParams, body })));
    });
  });
  await new Promise<void>((resolve) => {
    server?.listen(0, '127.0.0.1', resolve);
  });
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return makeTestSession(
    {
      endpoint: { apiUrl, appUrl: apiUrl, clientId: null, clientSecret: null },
      token: 'pat',
      accountId: '1',
    },
    { budgets: unlimitedRateBudgets },
  );
}

const changedAt = new Date(Date.now() - 60_000).toISOString();
const deal = (id: number): object => ({
  id,
  properties: { dealname: `Deal ${id}`, hs_lastmodifieddate: changedAt },
  archived: false,
});

test('a server that lists the living as archived makes no deal go away', async () => {
  const session = await serve(({ path }) =>
    path.endsWith('/deals') || path.endsWith('/deals/batch/read')
      ? { results: [deal(1), deal(2)] }
      : { results: [], total: 0 },
  );
  const crm = hubspot.crm!;
  const store = makeRecordStore();
  const { cursor } = await pullOnce({ crm, session, store, cursor: null });
  await pullOnce({ crm, session, store, cursor });
  expect(store.all('deal').map(({ archived }) => archived)).toEqual([false, false]);
});

test('a search that counts no further than 10,000 loses no row', async () => {
  const ids = Array.from({ length: 12_000 }, (_, index) => index + 1);
  const session = await serve(({ path, body }) => {
    if (!path.endsWith('/deals/search')) return { results: [], total: 0 };
    const filters = body.filterGroups?.[0]?.filters ?? [];
    const matching = ids.filter((id) =>
      filters.every(({ propertyName, operator, value }) => {
        const own = propertyName === 'hs_object_id' ? id : Date.parse(changedAt);
        return operator === 'GTE' ? own >= Number(value) : own < Number(value);
      }),
    );
    const start = Number(body.after ?? 0);
    const end = start + (body.limit ?? 10);
    return {
      total: Math.min(10_000, matching.length),
      results: matching.slice(start, end).map(deal),
      ...(matching.length > end ? { paging: { next: { after: end } } } : {}),
    };
  });
  const store = makeRecordStore();
  const seen = new Set<string>();
  await pullOnce({
    crm: hubspot.crm!,
    session,
    store: { ...store, store: (page) => page.records.forEach(({ id }) => seen.add(id)) },
    cursor: { phase: 'changes', readStartedAt: new Date(Date.now() - 3_600_000).toISOString() },
    wants: () => false,
  });
  expect(seen.size).toBe(12_000);
});
