import { afterEach, beforeAll, expect, test } from 'vitest';
import { expectBooksOfCleanRun } from '../support/clean-run.ts';
import { describeOnBothStores } from '../support/database.ts';
import type { Database } from '../../src/platform/database/database.ts';
import type { TruthRecord } from '../support/expected-invoice.ts';
import { openSyncWorld, storyOf, type SyncWorld } from '../support/sync-world.ts';

describeOnBothStores('A record that the CRM does not let be read', (open) => {
  let database: Database;
  let world: SyncWorld;

  beforeAll(async () => {
    database = await open();
  });
  afterEach(() => world.close());

  const { truth, records, update, healthy } = storyOf(() => world);
  const control = () => world.sandbox.control;

  const configure = (set: Record<string, unknown>) =>
    world.operations.changeConfiguration(world.caller, {
      params: { id: world.connectionId },
      query: undefined,
      body: { set },
    });

  const why = async (deal: string) => {
    const params = { id: world.connectionId, deal };
    return world.operations.getWhy(world.caller, { params, query: undefined, body: undefined });
  };

  /** Search tells of this one record that it has changed, and none of its properties: they have to be read by batch. */
  const tellIdOnly = (type: string, id: string): void => {
    const at = new Date().toISOString();
    const properties = { hs_lastmodifieddate: at, lastmodifieddate: at };
    const results = [{ id, properties, createdAt: at, updatedAt: at, archived: false }];
    const body = JSON.stringify({ total: 1, results });
    control().fault({ kind: 'status', status: 200, path: `/${type}/search`, body, count: -1 });
  };

  const refuse = (type: string, id: string, status: 400 | 500): void => {
    const path = `objects/[^/]+/${type}/(batch/read|${id})`;
    // A batch read leaves out what it refuses.
    if (status === 400) control().fault({ kind: 'drop_ids', path, ids: [id], count: -1 });
    control().fault({ kind: 'status', status, path, ids: [id], count: -1 });
  };

  /** What a deal points at, of this type; at products by its lines. */
  const usedBy = ({ associations }: TruthRecord, type: string): readonly string[] => {
    if (type !== 'products') return associations[type] ?? [];
    const lines = new Set(associations['line_items']);
    return truth('line_items').flatMap(({ id, properties }) =>
      lines.has(id) && properties['hs_product_id'] ? [properties['hs_product_id']] : [],
    );
  };
  const won = (): TruthRecord[] =>
    truth('deals').filter(({ properties }) => properties['dealstage'] === 'closedwon');

  test.each([
    ['line_items', 'line item', { quantity: '7' }, 500, 'vendor_unavailable'],
    ['line_items', 'line item', { quantity: '7' }, 400, 'record_unreadable'],
    ['companies', 'company', { name: 'Renamed Ltd' }, 500, 'vendor_unavailable'],
    ['contacts', 'contact', { lastname: 'Renamed' }, 500, 'vendor_unavailable'],
    ['products', 'product', { name: 'Renamed thing' }, 500, 'vendor_unavailable'],
    ['products', 'product', { name: 'Renamed thing' }, 400, 'record_unreadable'],
  ] as const)(
    'fails its deals by name while others go on, and heals (%s: %s, %o, %d)',
    async (type, word, properties, status, expected) => {
      world = await openSyncWorld(database);
      await world.sync();
      const bad = usedBy(healthy(), type)[0] ?? usedBy(healthy(1), type)[0] ?? '';
      const concerned = won().filter((deal) => usedBy(deal, type).includes(bad));
      expect(concerned.length).toBeGreaterThan(0);
      const before = await world.documents();
      const isConcerned = new Set(concerned.map(({ id }) => id));
      const [other = ''] = [...before.keys()].filter((id) => !isConcerned.has(id));
      update(type, bad, properties);
      update('deals', other, { dealname: 'Goes on' });
      tellIdOnly(type, bad);
      refuse(type, bad, status);
      for (const sync of ['first', 'second']) {
        const run = await world.sync();
        expect(run.status).toBe('succeeded_with_failures');
        expect(run.counts.updated).toBe(sync === 'first' ? 1 : 0);
        const made = [...(await records(run)).values()].filter(({ code }) => code === expected);
        expect(made.map(({ sourceId }) => sourceId).sort()).toEqual(concerned.map(({ id }) => id).sort());
        for (const { outcome, reason, mend } of made) {
          expect(outcome).toBe('failed');
          expect(reason).toContain(`${word} ${bad} be read: HubSpot answered ${status} `);
          expect(mend).toContain('asked for again with every sync');
        }
      }
      expect((await world.documents()).get(other)?.description).toBe('Goes on');
      for (const { id } of concerned)
        expect((await world.documents()).get(id)?.lines).toEqual(before.get(id)?.lines);
      const { now } = await why(concerned[0]?.id ?? '');
      expect(now).toMatchObject({ code: expected, reason: expect.stringContaining(bad) });

      control().clearFaults();
      const healed = await records(await world.sync());
      expect([...healed.values()].filter(({ code }) => code === expected)).toEqual([]);
      await expectBooksOfCleanRun(world);
      expect(world.sandbox.control.violations().violations).toEqual([]);
    },
  );

  test('is asked for without retries by later syncs, and only once found bad', async () => {
    world = await openSyncWorld(database, { limits: { attemptsMax: 5, backoffMs: 1 } });
    const bad = healthy().associations['line_items']?.[0] ?? '';
    refuse('line_items', bad, 500);
    const hits = () => control().faults().at(-1)?.hits ?? 0;
    await world.sync();
    expect(hits()).toBeGreaterThanOrEqual(5);
    for (let later = 0; later < 3; later += 1) {
      const before = hits();
      await world.sync();
      expect(hits() - before).toBeGreaterThanOrEqual(1);
      expect(hits() - before).toBeLessThanOrEqual(2);
    }
  });

  test('fails as a deal of which the associations cannot be read, until they can', async () => {
    world = await openSyncWorld(database);
    await world.sync();
    const { id } = healthy();
    control().fault({
      ...{ kind: 'status', status: 500, path: 'associations/.*deals/line_items', ids: [id], count: -1 },
    });
    for (let sync = 0; sync < 2; sync += 1) {
      const failed = [...(await records(await world.sync())).values()].filter(
        ({ code }) => code === 'vendor_unavailable',
      );
      expect(failed.map(({ sourceId }) => sourceId)).toEqual([id]);
      expect(failed[0]?.reason).toContain(`deal ${id} be read: HubSpot answered 500`);
    }
    control().clearFaults();
    const made = await records(await world.sync());
    expect(made.get(id)).toMatchObject({ outcome: 'unchanged', code: null });
    await expectBooksOfCleanRun(world);
  });

  test('fails as a company by its own name where all companies are wanted', async () => {
    world = await openSyncWorld(database);
    await configure({ 'companies.scope': 'all' });
    const { id } = control().createRecord({ type: 'companies', properties: { name: 'No deal yet' } });
    await world.sync();
    update('companies', id, { name: 'Renamed Ltd' });
    tellIdOnly('companies', id);
    refuse('companies', id, 500);
    const companyRecord = async () => {
      const run = await world.sync();
      const params = { id: run.runId };
      const query = { limit: 200, sourceType: 'company' };
      const page = await world.operations.listRunRecords(world.caller, { params, query, body: undefined });
      return page.data.find(({ sourceId }) => sourceId === id);
    };
    for (let sync = 0; sync < 2; sync += 1)
      expect(await companyRecord()).toMatchObject({ outcome: 'failed', code: 'vendor_unavailable' });
    control().clearFaults();
    expect(await companyRecord()).toMatchObject({ outcome: 'updated', code: null });
  });
});
