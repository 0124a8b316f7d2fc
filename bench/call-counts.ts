import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from './engine.ts';
import { startSandboxProcess } from './sandbox-process.ts';

/**
 * Calls to HubSpot of a sync after all of so many won deals changed, against the floor of facts/hubspot.md §9: one search a 200,
 * three association batches a 1,000, reads of 100, owners 2, pipelines 1, account 1. Every related record is known already, so that the
 * reads of companies, contacts, lines and products are not needed again. Argument: number of deals.
 */
const deals = Number(process.argv[2] ?? 1_000);
const floor = Math.ceil(deals / 200) + 3 * Math.ceil(deals / 1000) + Math.ceil(deals / 100) + 4;
const floorOfAllNew =
  Math.ceil(deals / 200) + 3 * Math.ceil(deals / 1000) + 6 * Math.ceil(deals / 100) + 5 + 4;
const folder = await mkdtemp(join(tmpdir(), 'tributary-bench-'));
const sandbox = await startSandboxProcess(deals);
const engine = await openEngine(join(folder, 'data'), sandbox);
try {
  await sandbox.resetCalls();
  const first = await engine.sync();
  await sandbox.control('/records/touch', { type: 'deals', count: deals });
  await sandbox.resetCalls();
  const changed = await engine.sync();
  const result = {
    deals,
    firstImportCalls: first.calls,
    changedCalls: changed.calls,
    floorKnownParents: floor,
    floorAllNew: floorOfAllNew,
    unchanged: changed.counts?.unchanged,
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
} finally {
  await engine.close();
  await sandbox.stop();
  await rm(folder, { recursive: true, force: true });
}
