import type { CalendarDate } from '../src/kernel/dates.ts';
import { newId } from '../src/kernel/ids.ts';
import { addMonths } from '../src/kernel/months.ts';
import { activateContract } from '../src/ledger/contracts/activation.ts';
import { postRecognitionRun } from '../src/ledger/contracts/recognition.ts';
import { insertDraftDocuments } from '../src/ledger/document-drafts-store.ts';
import {
  openSampleBooks,
  type SampleBooks,
  sampleDraft,
  sampleDraftRow,
} from '../src/ledger/sample-books.ts';
import type { Database } from '../src/platform/database/database.ts';
import { median } from './median.ts';
import { openStores, type StoreKind } from './stores.ts';

/**
 * Contracts of five obligations over a year, recognised month by month. Prints one JSON line: milliseconds of each of the twelve runs, and
 * of one more with nothing due. Arguments: store (`pglite` or `postgres`), number of obligations.
 */
const kind = (process.argv[2] ?? 'pglite') as StoreKind;
const obligations = Number(process.argv[3] ?? 10_000);
const obligationsOfContract = 5;
const contractsOfTransaction = 50;
const start = '2026-01-01' as CalendarDate;
const end = '2026-12-31' as CalendarDate;

async function activateContracts(database: Database): Promise<SampleBooks> {
  const organizationId = newId();
  await database.withSystem((tx) =>
    tx.execute('INSERT INTO organizations (organization_id, name) VALUES ($1::uuid, $2::text)', [
      organizationId,
      'Bench',
    ]),
  );
  const books = await openSampleBooks(database, organizationId);
  const amounts = Array.from(
    { length: obligationsOfContract },
    (_, index) => 120_000n + BigInt(index) * 7_777n,
  );
  const lines = amounts.map((_, index) => ({
    position: index + 1,
    recognition: 'daily' as const,
    serviceStart: start,
    serviceEnd: end,
  }));
  const contracts = obligations / obligationsOfContract;
  for (let first = 0; first < contracts; first += contractsOfTransaction) {
    await database.withOrganization(organizationId, async (tx) => {
      const count = Math.min(contractsOfTransaction, contracts - first);
      const rows = Array.from({ length: count }, () =>
        sampleDraftRow(books, sampleDraft(books, amounts, { kind: 'contract', documentDate: start })),
      );
      await insertDraftDocuments(tx, books.scope, rows);
      for (const { id } of rows)
        await activateContract(tx, id, { billing: 'annual_advance', lines }, books.context);
    });
  }
  return books;
}

const stores = await openStores(kind);
try {
  const store = await stores.open();
  const activationStarted = performance.now();
  const books = await activateContracts(store.database);
  const activationMs = performance.now() - activationStarted;
  await store.settle();
  const runMonth = async (period: CalendarDate): Promise<{ ms: number; runId: string | null }> => {
    const started = performance.now();
    const runId = await store.database.withOrganization(books.scope.organizationId, (tx) =>
      postRecognitionRun(tx, { entityId: books.entity.id, period }, books.context),
    );
    return { ms: performance.now() - started, runId };
  };
  const runsMs: number[] = [];
  for (let month = 0; month < 12; month += 1) {
    const { ms, runId } = await runMonth(addMonths(start, month));
    if (runId === null) throw new Error(`Month ${month + 1} recognised nothing`);
    process.stderr.write(`${kind} month ${month + 1}: ${Math.round(ms)} ms\n`);
    runsMs.push(ms);
  }
  const again = await runMonth(addMonths(start, 11));
  if (again.runId !== null) throw new Error('A month was recognised twice');
  const result = {
    store: kind,
    obligations,
    contracts: obligations / obligationsOfContract,
    activationMs: Math.round(activationMs),
    runsMs: runsMs.map((ms) => Math.round(ms)),
    medianRunMs: Math.round(median(runsMs)),
    obligationsPerSecond: Math.round((obligations / median(runsMs)) * 1000),
    // The twelfth against the first: what is recognised already must not slow down what comes after.
    growth: Number(((runsMs.at(-1) ?? 0) / (runsMs[0] ?? 1)).toFixed(2)),
    nothingDueMs: Math.round(again.ms),
    peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
  await store.remove();
} finally {
  await stores.close();
}
