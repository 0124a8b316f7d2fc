import { afterEach, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/platform/database/database.ts';
import { claimRun, type Run } from '../../src/sync/runs/runs-store.ts';
import { runSync } from '../../src/sync/sync.ts';
import { expectBooksOfCleanRun } from '../support/clean-run.ts';
import { describeOnBothStores, whereParallel } from '../support/database.ts';
import { openSyncWorld, storyOf, type SyncWorld } from '../support/sync-world.ts';

/** Of the 40 seeded deals so many are won and have all that an invoice needs. */
const invoiced = 29;

describeOnBothStores('The books after a sync that was disturbed', (open, kind) => {
  let database: Database;
  let world: SyncWorld;

  beforeAll(async () => {
    database = await open();
  });
  afterEach(() => world.close());

  const { truth, records, update, healthy } = storyOf(() => world);
  const onStore = (statement: string) => database.withSystem((tx) => tx.execute(statement));

  test('have all deals but the one that a constraint refuses, and that one once it is taken', async () => {
    world = await openSyncWorld(database);
    const { id } = healthy();
    const { organizationId } = world.caller;
    await onStore(
      `ALTER TABLE documents ADD CONSTRAINT refusing CHECK (source_id <> '${id}' OR organization_id <> '${organizationId}')`,
    );
    const run = await world.sync();
    expect((await records(run)).get(id)).toMatchObject({ outcome: 'failed', code: 'invalid_vendor_data' });
    expect(run.counts.created).toBe(invoiced - 1);
    expect(run.counts.failed).toBeLessThan(10);
    await onStore('ALTER TABLE documents DROP CONSTRAINT refusing');
    expect((await world.sync()).counts).toMatchObject({ created: 1, updated: 0 });
    await expectBooksOfCleanRun(world);
  });

  test('have one of two deals that count as doubles, and the other once it is taken', async () => {
    world = await openSyncWorld(database);
    const [one, other] = [healthy(0).id, healthy(1).id];
    await onStore(
      `CREATE UNIQUE INDEX one_of_two ON documents (organization_id)
       WHERE source_id IN ('${one}', '${other}') AND organization_id = '${world.caller.organizationId}'`,
    );
    const run = await world.sync();
    const made = await records(run);
    expect([one, other].map((id) => String(made.get(id)?.outcome)).sort()).toEqual(['created', 'failed']);
    expect([one, other].map((id) => made.get(id)?.code)).toContain('duplicate_deal');
    expect(run.counts.created).toBe(invoiced - 1);
    await onStore('DROP INDEX one_of_two');
    expect((await world.sync()).counts).toMatchObject({ created: 1, updated: 0 });
    await expectBooksOfCleanRun(world);
  });

  test('have all deals but one with a name of 10 MB, and that one once it is shortened', async () => {
    world = await openSyncWorld(database);
    const deal = healthy();
    world.sandbox.control.bigName({ type: 'deals', id: deal.id });
    const run = await world.sync();
    expect((await records(run)).get(deal.id)).toMatchObject({
      outcome: 'failed',
      code: 'invalid_vendor_data',
    });
    expect(run.counts.created).toBe(invoiced - 1);
    update('deals', deal.id, { dealname: 'Shortened' });
    expect((await world.sync()).counts).toMatchObject({ created: 1, updated: 0 });
    await expectBooksOfCleanRun(world);
  });

  test('lack nothing after the vendor was down, which ended a run as failed', async () => {
    world = await openSyncWorld(database);
    world.sandbox.control.fault({ kind: 'status', status: 503, path: '/crm/objects', count: -1 });
    const failed = await world.sync();
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'vendor_unavailable' } });
    world.sandbox.control.clearFaults();
    expect((await world.sync()).counts.created).toBe(invoiced);
  });

  test('are as before when the token was revoked, which puts the connection in error until it is connected again', async () => {
    world = await openSyncWorld(database);
    await world.sync();
    const before = await world.documents();
    world.sandbox.control.revokeTokens({ kind: 'private' });
    expect(await world.sync()).toMatchObject({ status: 'failed', error: { code: 'vendor_auth' } });
    const connection = await world.bench.operations.getConnection(world.caller, {
      params: { id: world.connectionId },
      query: undefined,
      body: undefined,
    });
    expect(connection).toMatchObject({
      status: 'error',
      lastError: { mend: expect.stringMatching(/[Rr]econnect/) },
    });
    const { accessToken } = world.sandbox.control.issueTokens({});
    const body = { token: accessToken, mode: 'live' as const };
    const again = await world.bench.operations.connectWithToken(world.caller, {
      params: { connector: 'hubspot' },
      query: undefined,
      body,
    });
    expect(again.id).toBe(world.connectionId);
    expect((await world.sync()).counts).toMatchObject({ created: 0, unchanged: before.size });
  });

  test('keep the invoices of a stage that is removed in the CRM, which new settings may not name', async () => {
    const stage = 'contractsent';
    world = await openSyncWorld(database);
    const selectStages = (...stages: string[]) =>
      world.operations.changeConfiguration(world.caller, {
        params: { id: world.connectionId },
        query: undefined,
        body: { set: { 'deals.stages': stages } },
      });
    await selectStages('closedwon', stage);
    const warnings = async () => {
      const input = { params: { id: world.connectionId }, query: undefined, body: undefined };
      return (await world.bench.operations.getConnection(world.caller, input)).warnings;
    };
    expect(await warnings()).toEqual([]);
    const [deal, moved] = [healthy(0), healthy(1)];
    for (const { id } of [deal, moved]) update('deals', id, { dealstage: stage });
    await world.sync();
    const before = await world.documents();
    expect([before.has(deal.id), before.has(moved.id)]).toEqual([true, true]);
    world.sandbox.control.removeStage({ stageId: stage });
    update('deals', deal.id, { dealname: 'In a stage that is gone' });
    update('deals', moved.id, { dealstage: 'presentationscheduled' });
    const made = await records(await world.sync());
    expect(await warnings()).toEqual([
      {
        code: 'stage_removed',
        message: `The chosen deal stage ${stage} is no longer in the CRM.`,
        mend: expect.stringContaining('Stage Configuration'),
      },
    ]);
    expect(made.get(deal.id)).toMatchObject({ outcome: 'updated' });
    expect(made.get(moved.id)).toMatchObject({ outcome: 'skipped', code: 'stage_not_selected' });
    expect((await world.documents()).size).toBe(before.size - 1);
    await expect(selectStages('closedwon', stage)).rejects.toMatchObject({
      code: 'invalid_configuration',
      fields: [{ field: 'deals.stages' }],
    });
    await selectStages('closedwon');
    expect(await warnings()).toEqual([]);
    const late = truth('deals').find(({ properties }) => properties['dealstage'] === 'closedlost')?.id ?? '';
    update('deals', late, { dealstage: stage });
    const after = await records(await world.sync());
    // Settings that came later take no invoice back: only what changes in the CRM does.
    expect(after.get(deal.id)).toMatchObject({ outcome: 'unchanged' });
    expect(after.get(late)).toMatchObject({
      code: 'stage_not_selected',
      reason: expect.stringContaining('no longer exists in the CRM'),
    });
    for (const { id } of [deal, moved]) update('deals', id, { dealstage: 'closedwon' });
    expect((await world.sync()).counts).toMatchObject({ created: 1 });
    expect([...(await world.documents()).keys()].sort()).toEqual([...before.keys()].sort());
  });

  whereParallel(kind, () => {
    test('have one document a deal after two organizations synced one portal at the same moment', async () => {
      world = await openSyncWorld(database);
      const other = await openSyncWorld(database, { running: world.sandbox });
      const ones = [await claim(world, 'first'), await claim(other, 'second')] as const;
      await Promise.all([carryOut(world, ones[0], 'first'), carryOut(other, ones[1], 'second')]);
      await expectBooksOfCleanRun(world);
      await expectBooksOfCleanRun(other);
    });

    test('have one document a deal after a worker took over from one that was still going', async () => {
      world = await openSyncWorld(database);
      const run = await claim(world, 'first');
      await onStore(`UPDATE runs SET lease_expires_at = now() - interval '1 second' WHERE id = '${run.id}'`);
      const again = await claimRun(database, 'second', false);
      expect(again?.id).toBe(run.id);
      await Promise.all([carryOut(world, run, 'first'), carryOut(world, run, 'second')]);
      await expectBooksOfCleanRun(world);
      expect((await world.sync()).counts).toMatchObject({ created: 0, updated: 0, unchanged: invoiced });
    });

    test('have one document a deal after two workers carried out one connection side by side', async () => {
      world = await openSyncWorld(database);
      const run = await claim(world, 'worker');
      // One owner twice: no lease tells them apart, only the books can.
      await Promise.all([carryOut(world, run, 'worker'), carryOut(world, run, 'worker')]);
      await expectBooksOfCleanRun(world);
      expect((await world.sync()).counts).toMatchObject({ created: 0, updated: 0, unchanged: invoiced });
    });
  });

  async function claim(of: SyncWorld, owner: string): Promise<Run> {
    await of.operations.triggerSync(of.caller, {
      params: { connector: 'hubspot', connectionId: of.connectionId },
      query: undefined,
      body: undefined,
    });
    const run = await claimRun(database, owner, false);
    if (run?.connectionId !== of.connectionId) throw new Error('The queue holds another run');
    return run;
  }

  const carryOut = (of: SyncWorld, run: Run, owner: string): Promise<void> =>
    runSync(of.dependencies, run, owner, new AbortController().signal);
});
