import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { FaultRequest } from '../../sandbox/hubspot/faults.ts';
import type { RunWire } from '../../src/contract/sync-wire.ts';
import type { Database } from '../../src/platform/database/database.ts';
import { expectBooksOfCleanRun } from '../support/clean-run.ts';
import { describeOnEmbeddedStore } from '../support/database.ts';
import type { TruthRecord } from '../support/expected-invoice.ts';
import { openSyncWorld, startSandbox, storyOf, type SyncWorld } from '../support/sync-world.ts';

/** Of the 40 seeded deals so many are won and have all that an invoice needs. */
const invoiced = 29;

describeOnEmbeddedStore('A sync of a portal that answers badly', (open) => {
  let database: Database;
  let world: SyncWorld;

  beforeAll(async () => {
    database = await open();
  });
  afterEach(() => world.close());

  const { truth, records, update, healthy } = storyOf(() => world);
  const fault = (request: FaultRequest) => world.sandbox.control.fault(request);
  const hits = () => world.sandbox.control.faults().reduce((sum, one) => sum + one.hits, 0);
  const calls = () => world.sandbox.control.calls().total;

  /** The next sync without faults has to make the books those of a portal that never had any. */
  const recover = async (): Promise<RunWire> => {
    world.sandbox.control.clearFaults();
    const run = await world.sync();
    expect(run.status).toBe('succeeded_with_failures');
    await expectBooksOfCleanRun(world);
    return run;
  };

  /** What a deal points at, of this type; at products by its lines. */
  const targetsOf = ({ associations }: TruthRecord, type: string): readonly string[] => {
    if (type !== 'products') return associations[type] ?? [];
    const lines = new Set(associations['line_items']);
    return truth('line_items').flatMap(({ id, properties }) =>
      lines.has(id) && properties['hs_product_id'] ? [properties['hs_product_id']] : [],
    );
  };

  test.each<[string, FaultRequest]>([
    ['an HTML page with status 502', { kind: 'html', count: 2 }],
    ['an HTML page with status 200', { kind: 'html', status: 200, path: 'batch/read', count: 2 }],
    ['half of the JSON', { kind: 'truncate', path: '/deals', count: 2 }],
    ['a reset connection', { kind: 'reset', path: 'batch/read', count: 3 }],
    ['a locked account', { kind: 'locked', path: 'batch/read', count: 2 }],
    ['429 in the general bucket', { kind: 'rate_limit', path: 'objects', count: 3, retryAfter: 0 }],
    ['429 in the associations bucket', { kind: 'rate_limit', path: 'associations', count: 1 }],
  ])('is as a clean one after %s', async (_, request) => {
    world = await openSyncWorld(database);
    fault(request);
    expect((await world.sync()).counts.created).toBe(invoiced);
    expect(hits()).toBe(request.count);
    await expectBooksOfCleanRun(world);
    expect((await recover()).counts).toMatchObject({ created: 0, updated: 0, unchanged: invoiced });
  });

  test.each<[string, FaultRequest, RegExp]>([
    ['HTML pages', { kind: 'html' }, /502/],
    ['HTML pages with status 200', { kind: 'html', status: 200 }, /web page/],
    ['JSON that is cut off', { kind: 'truncate' }, /cut off/],
    ['resets', { kind: 'reset' }, /HubSpot: /],
    ['HTTP 503', { kind: 'status', status: 503 }, /503/],
  ])(
    'fails while batch reads get %s, without a storm of calls, and loses nothing',
    async (_, request, why) => {
      world = await openSyncWorld(database);
      fault({ ...request, path: 'batch/read', count: -1 });
      const before = calls();
      expect(await world.sync()).toMatchObject({ status: 'failed', error: { code: 'vendor_unavailable' } });
      // Three kinds of record at once: five tries and a last question each, after the account, the pipelines and the list.
      expect(calls() - before).toBeLessThan(30);
      expect(world.bench.logged.join('')).toMatch(why);
      expect((await world.documents()).size).toBe(0);
      expect((await recover()).counts.created).toBe(invoiced);
    },
  );

  test('goes on after a connection that hangs, and fails when all of them do', async () => {
    world = await openSyncWorld(database, { limits: { timeoutMs: 1_000 } });
    fault({ kind: 'hang', path: 'line_items/batch/read', count: 1 });
    expect((await world.sync()).counts.created).toBe(invoiced);
    expect(hits()).toBe(1);
    update('deals', healthy().id, { dealname: 'While nothing answers' });
    fault({ kind: 'hang', path: 'batch/read', count: -1 });
    expect(await world.sync()).toMatchObject({ status: 'failed', error: { code: 'vendor_unavailable' } });
    expect((await recover()).counts).toMatchObject({ created: 0, updated: 1 });
  });

  test('finds the records that batch reads leave out', async () => {
    world = await openSyncWorld(database);
    fault({ kind: 'drop_ids', count: -1 });
    expect((await world.sync()).counts.created).toBe(invoiced);
    expect(hits()).toBeGreaterThan(3);
    await expectBooksOfCleanRun(world);
    await recover();
  });

  test('waits for the search bucket and goes on', async () => {
    world = await openSyncWorld(database);
    await world.sync();
    update('deals', healthy().id, { dealname: 'While search is busy' });
    fault({ kind: 'rate_limit', path: '/search', policyName: 'SECONDLY', count: 3 });
    expect((await world.sync()).counts).toMatchObject({ created: 0, updated: 1 });
    expect(hits()).toBe(3);
    await recover();
  });

  test.each([
    ['the daily limit is used up', { policyName: 'DAILY' }],
    ['the wait that is asked for is too long', { retryAfter: 600 }],
  ])('fails at the first answer that says that %s, and says so', async (_, limit) => {
    world = await openSyncWorld(database);
    fault({ kind: 'rate_limit', path: '/objects', count: -1, ...limit });
    expect(await world.sync()).toMatchObject({ status: 'failed', error: { code: 'vendor_rate_limited' } });
    expect(hits()).toBe(1);
    expect((await recover()).counts.created).toBe(invoiced);
  });

  test('fails as rate limited when a bucket never has room again', async () => {
    world = await openSyncWorld(database, { limits: { rateLimitedMax: 3 } });
    fault({ kind: 'rate_limit', path: 'companies/batch/read', count: -1, retryAfter: 0 });
    expect(await world.sync()).toMatchObject({ status: 'failed', error: { code: 'vendor_rate_limited' } });
    expect(hits()).toBe(4);
    expect((await recover()).counts.created).toBe(invoiced);
  });

  test.each(['companies', 'line_items', 'products', 'contacts'])(
    'fails the deals alone of which one of the %s cannot be read, each time, until it can',
    async (type) => {
      world = await openSyncWorld(database);
      const [bad = ''] = [0, 1, 2, 3].flatMap((place) => targetsOf(healthy(place), type));
      const won = truth('deals').filter(({ properties }) => properties['dealstage'] === 'closedwon');
      const concerned = won.filter((deal) => targetsOf(deal, type).includes(bad));
      expect(concerned.length).toBeGreaterThan(0);
      fault({ kind: 'status', status: 500, path: `/${type}/`, ids: [bad], count: -1 });
      for (const sync of ['first', 'second']) {
        const before = calls();
        const run = await world.sync();
        const made = await records(run);
        const failed = [...made.values()].filter(({ code }) => code === 'vendor_unavailable');
        expect(failed.map(({ sourceId }) => sourceId).sort()).toEqual(concerned.map(({ id }) => id).sort());
        expect(run.counts.created > 20).toBe(sync === 'first');
        expect(calls() - before).toBeLessThan(60);
      }
      expect((await recover()).counts.created).toBeGreaterThan(0);
      expect(world.sandbox.control.violations().violations).toEqual([]);
    },
  );

  test('fails a changed deal alone that cannot be read, and takes the others over', async () => {
    world = await openSyncWorld(database);
    await world.sync();
    const [bad, good] = [healthy(0), healthy(1)];
    for (const { id } of [bad, good]) update('deals', id, { dealname: 'Changed' });
    fault({ kind: 'status', status: 500, path: '(objects|associations)/.*deals/', ids: [bad.id], count: -1 });
    const run = await world.sync();
    expect(run.counts).toMatchObject({ created: 0, updated: 1 });
    const made = await records(run);
    expect(made.get(bad.id)).toMatchObject({ outcome: 'failed', code: 'vendor_unavailable' });
    expect(made.get(good.id)).toMatchObject({ outcome: 'updated' });
    expect((await world.documents()).get(bad.id)?.description).toBe(bad.properties['dealname']);
    expect((await recover()).counts).toMatchObject({ created: 0, updated: 1 });
  });

  test('is taken up by the same run when the vendor is back before the tries end', async () => {
    world = await openSyncWorld(database, { limits: { backoffMs: 2_000, backoffMsMax: 4_000 } });
    const { run } = await stopInMidSync();
    const again = await startSandbox({ port: world.sandbox.port });
    try {
      expect((await run).counts.created).toBe(invoiced);
      await expectBooksOfCleanRun({ ...world, sandbox: again });
    } finally {
      await again.close();
    }
  });

  test('loses nothing when the vendor is gone in mid-sync and comes back for the next', async () => {
    world = await openSyncWorld(database);
    const { run } = await stopInMidSync();
    expect(await run).toMatchObject({ status: 'failed', error: { code: 'vendor_unavailable' } });
    const again = await startSandbox({ port: world.sandbox.port });
    try {
      expect((await world.sync()).counts.created).toBe(invoiced);
      await expectBooksOfCleanRun({ ...world, sandbox: again });
    } finally {
      await again.close();
    }
  });

  test('neither loses nor doubles anything when one answer in fifty is lost', async () => {
    world = await openSyncWorld(database);
    fault({ kind: 'lose_answer', probability: 0.02, count: -1 });
    expect((await world.sync()).counts.created).toBe(invoiced);
    for (let round = 0; round < 8; round += 1) {
      const deal = healthy(round);
      update('deals', deal.id, { dealname: `Round ${round}` });
      update('line_items', deal.associations['line_items']?.[0] ?? '', { quantity: String(round + 2) });
      expect((await world.sync()).counts).toMatchObject({ created: 0, updated: 1 });
    }
    expect(hits()).toBeGreaterThan(0);
    expect((await recover()).counts).toMatchObject({ created: 0, updated: 0, unchanged: invoiced });
  });

  /** The sandbox goes away while a run waits for its line items. The run is going on when this returns. */
  async function stopInMidSync(): Promise<{ readonly run: Promise<RunWire> }> {
    fault({ kind: 'hang', path: 'line_items/batch/read', count: -1 });
    const run = world.sync();
    while (hits() === 0) await delay(10);
    await world.sandbox.close();
    return { run };
  }
});
