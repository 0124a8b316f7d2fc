import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { startHubSpotSandbox } from '../../sandbox/hubspot/server.ts';
import type { ConnectionWire } from '../../src/contract/sync-wire.ts';
import { newId } from '../../src/kernel/ids.ts';
import type { Database } from '../../src/platform/database/database.ts';
import { findRun, requestRun, runAttemptsMax, type Run } from '../../src/sync/runs/runs-store.ts';
import { startWorker, type Worker } from '../../src/worker/worker.ts';
import { createAdmin, createConnectionsBench } from '../support/connections.ts';
import { describeOnBothStores } from '../support/database.ts';

/** `Promise.withResolvers`, which Node 20 lacks. */
function makeGate<Value>(): { promise: Promise<Value>; resolve: (value: Value) => void } {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

describeOnBothStores('A worker', (open) => {
  let database: Database;
  let organizationId: string;
  let connections: string[];
  const workers: Worker[] = [];

  beforeAll(async () => {
    database = await open();
    const sandbox = await startHubSpotSandbox({ profile: 'empty', behaviour: { unthrottled: true } });
    const bench = createConnectionsBench({ database, environment: { HUBSPOT_API_URL: sandbox.url } });
    const admin = await createAdmin(database);
    ({ organizationId } = admin);
    connections = [];
    for (const { token } of sandbox.portals) {
      const input = {
        params: { connector: 'hubspot' },
        query: undefined,
        body: { token, mode: 'live' as const },
      };
      const made = (await bench.operations.connectWithToken(admin, input)) as ConnectionWire;
      connections.push(made.id);
    }
    await sandbox.close();
  });

  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.stop();
    await database.withSystem((tx) => tx.execute('DELETE FROM runs', []));
  });

  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const work = (owner: string, carryOut: (run: Run, owner: string, signal: AbortSignal) => Promise<void>) => {
    const worker = startWorker({ database, logger: silent, owner, carryOut });
    workers.push(worker);
    return worker;
  };
  const request = (place: number, kind: 'sync' | 'preview' = 'sync') =>
    database.withOrganization(organizationId, (tx) =>
      requestRun(tx, organizationId, {
        id: newId(),
        connectionId: connections[place] ?? '',
        kind,
        trigger: 'manual',
        requestedBy: 'test',
        scope: null,
      }),
    );
  const read = (id: string) => database.withOrganization(organizationId, (tx) => findRun(tx, id));
  const finish = (run: Run) =>
    database.withSystem((tx) =>
      tx.execute("UPDATE runs SET status = 'succeeded', lease_owner = NULL WHERE id = $1::uuid", [run.id]),
    );
  const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
    for (let tries = 0; tries < 300; tries += 1) {
      if (await holds()) return;
      await delay(20);
    }
    throw new Error('It never came to that');
  };

  test('carries out the runs of several connections side by side, of one connection one after the other', async () => {
    const going = new Set<string>();
    const together: string[][] = [];
    const gate = makeGate<void>();
    const worker = work('one', async (run) => {
      going.add(`${run.connectionId} ${run.kind}`);
      together.push([...going]);
      await gate.promise;
      going.delete(`${run.connectionId} ${run.kind}`);
      await finish(run);
    });
    await request(0);
    await request(0, 'preview');
    await request(1);
    worker.wake();
    await until(() => going.size === 2);
    expect(new Set([...going].map((entry) => entry.split(' ')[0])).size).toBe(2);
    gate.resolve();
    await until(() => together.length === 3);
    await until(() => going.size === 0);
  });

  test('gives a run back when it is stopped, and the next one goes on with it', async () => {
    const run = await request(0);
    const started = makeGate<void>();
    const first = work('one', async (_run, _owner, signal) => {
      started.resolve();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    });
    await started.promise;
    await first.stop();
    expect((await read(run.id))?.status).toBe('running');
    const taken = makeGate<Run>();
    work('two', async (again) => {
      taken.resolve(again);
      await finish(again);
    });
    expect(await taken.promise).toMatchObject({ id: run.id, attempts: 1 });
    await until(async () => (await read(run.id))?.status === 'succeeded');
  });

  test('takes over from a dead one: at once on the embedded store, else when the lease has run out', async () => {
    const run = await request(0);
    const lease = database.kind === 'pglite' ? "now() + interval '1 hour'" : "now() - interval '1 second'";
    await database.withSystem((tx) =>
      tx.execute(
        `UPDATE runs SET status = 'running', lease_owner = 'dead', attempts = 1, lease_expires_at = ${lease} WHERE id = $1::uuid`,
        [run.id],
      ),
    );
    const taken = makeGate<Run>();
    work('two', async (again) => {
      taken.resolve(again);
      await finish(again);
    });
    expect(await taken.promise).toMatchObject({ id: run.id, attempts: 2 });
  });

  test('gives up a run that kills its workers', async () => {
    const run = await request(0);
    await database.withSystem((tx) =>
      tx.execute('UPDATE runs SET attempts = $2::integer WHERE id = $1::uuid', [run.id, runAttemptsMax]),
    );
    let carriedOut = 0;
    work('one', async () => {
      carriedOut += 1;
    });
    await until(async () => (await read(run.id))?.status === 'failed');
    expect(await read(run.id)).toMatchObject({ error: { code: 'internal' } });
    expect(carriedOut).toBe(0);
  });
});
