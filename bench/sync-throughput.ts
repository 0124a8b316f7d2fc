import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../src/platform/database/database.ts';
import { openEngine } from './engine.ts';
import { insertRaw, readWrittenRows } from './raw-insert.ts';
import { startSandboxProcess } from './sandbox-process.ts';

/**
 * One whole sync of so many deals against the sandbox in its own process, a second one without changes, and a raw insert of the rows
 * that the first wrote, into a fresh embedded store. Prints one JSON line. Argument: number of deals.
 */
const deals = Number(process.argv[2] ?? 10_000);
const withRaw = process.argv[3] !== 'no-raw';
const folder = await mkdtemp(join(tmpdir(), 'tributary-bench-'));
const sandbox = await startSandboxProcess(deals);
const engine = await openEngine(join(folder, 'data'), sandbox);
try {
  await sandbox.resetCalls();
  const started = performance.now();
  const first = await engine.sync();
  const syncMs = performance.now() - started;
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
  const again = performance.now();
  const second = await engine.sync();
  const secondMs = performance.now() - again;
  const result: Record<string, unknown> = {
    deals,
    store: engine.database.kind,
    created: first.counts?.created,
    syncMs: Math.round(syncMs),
    dealsPerSecond: Math.round((deals / syncMs) * 1000),
    calls: first.calls,
    peakMb,
    secondMs: Math.round(secondMs),
    secondCalls: second.calls,
    secondUnchanged: second.counts?.unchanged,
  };
  if (withRaw) {
    const copies = await readWrittenRows(engine.database);
    const fresh = await openDatabase({ dataDir: join(folder, 'raw') });
    const rawMs = await insertRaw(fresh, engine.organizationId, copies);
    await fresh.close();
    result.rows = copies.written.reduce((sum, { rows }) => sum + rows.length, 0);
    result.rawInsertMs = Math.round(rawMs);
    result.ratioToRawInsert = Number((rawMs / syncMs).toFixed(3));
  }
  process.stdout.write(`${JSON.stringify(result)}\n`);
} finally {
  await engine.close();
  await sandbox.stop();
  await rm(folder, { recursive: true, force: true });
}
