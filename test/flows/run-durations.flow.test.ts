import { beforeEach, expect, test } from 'vitest';
import type { RunWire } from '../../src/contract/sync-wire.ts';
import { describeOnBothStores } from '../support/database.ts';
import { openSyncWorld, type SyncWorld } from '../support/sync-world.ts';

describeOnBothStores('The stages of a run', (open) => {
  let world: SyncWorld;

  beforeEach(async () => {
    world = await openSyncWorld(await open());
    return () => world.close();
  });

  const sum = (run: RunWire) =>
    Object.values(run.progress?.stageMs ?? {}).reduce((total, ms) => total + ms, 0);
  // The run's own duration is by the clock of the database.
  const clocksApartMs = 250;

  test('are kept with how long each took, and together take no longer than the run', async () => {
    const preview = await world.preview();
    expect(Object.keys(preview.progress?.stageMs ?? {}).toSorted()).toEqual(['plan', 'pull']);
    const run = await world.sync();
    expect(Object.keys(run.progress?.stageMs ?? {}).toSorted()).toEqual(['apply', 'plan', 'pull']);
    for (const ended of [preview, run]) {
      expect(ended.progress?.stageMs.pull).toBeGreaterThan(0);
      expect(sum(ended)).toBeLessThanOrEqual((ended.durationMs ?? 0) + clocksApartMs);
    }
    expect(run.progress?.stageMs.apply).toBeGreaterThan(0);
  });

  test('go on counting when another worker takes the run over', async () => {
    const params = { connector: 'hubspot', connectionId: world.connectionId };
    const { runId } = await world.operations.triggerSync(world.caller, {
      params,
      query: undefined,
      body: undefined,
    });
    const reached = {
      stage: 'pull',
      read: {},
      dealsToPlan: null,
      dealsDone: 0,
      calls: 3,
      waitingUntil: null,
      stageMs: { pull: 3_600_000 },
    };
    await world.database.withOrganization(world.caller.organizationId, (tx) =>
      tx.execute('UPDATE runs SET progress = $2::jsonb WHERE id = $1', [runId, JSON.stringify(reached)]),
    );
    const run = await world.work(runId);
    expect(run.progress?.stageMs.pull).toBeGreaterThan(3_600_000);
    expect(run.progress?.stageMs.apply).toBeLessThan(3_600_000);
  });
});
