import { journalHandlers } from '../src/api/handlers/journal.ts';
import { documentHandlers } from '../src/api/handlers/documents.ts';
import { statementHandlers } from '../src/api/handlers/statements.ts';
import type { Caller } from '../src/contract/handler.ts';
import { scopes } from '../src/contract/organization-wire.ts';
import type { Database } from '../src/platform/database/database.ts';
import { encodeCursor } from '../src/platform/database/page-cursor.ts';
import { fillBooks, type FilledBooks, firstDay, lastDay } from './fill-books.ts';
import { median } from './median.ts';
import { openStores, type StoreKind } from './stores.ts';

/**
 * What the books say, asked as the API is asked (without HTTP): in books of a tenth of the journal lines, then in those of all. Prints one JSON line.
 * Arguments: store (`pglite` or `postgres`), number of journal lines.
 */
const kind = (process.argv[2] ?? 'pglite') as StoreKind;
const journalLines = Number(process.argv[3] ?? 1_000_000);
const runsMax = 5;
/** Of one statement: a slow one is asked fewer times, but at least twice. */
const measureMsMax = 20_000;

type Reading = (caller: Caller) => Promise<unknown>;

function readingsOf(
  database: Database,
  books: FilledBooks,
  deepCursor: string,
): readonly (readonly [string, Reading])[] {
  const statements = statementHandlers(database);
  const journal = journalHandlers(database);
  const documents = documentHandlers(database);
  const { entityId, largestCustomerId } = books;
  const at = lastDay;
  const page = { limit: 50 };
  const noParams = { params: undefined, body: undefined };
  return [
    ['trialBalance', (caller) => journal.getTrialBalance(caller, { ...noParams, query: { entityId, at } })],
    [
      'trialBalanceYearsAgo',
      (caller) => journal.getTrialBalance(caller, { ...noParams, query: { entityId, at: '2023-06-30' } }),
    ],
    [
      'arAging',
      (caller) =>
        statements.getArAging(caller, { ...noParams, query: { ...page, entityId, at, by: 'due_date' } }),
    ],
    [
      'arAgingYearsAgo',
      (caller) =>
        statements.getArAging(caller, {
          ...noParams,
          query: { ...page, entityId, at: '2023-06-30', by: 'due_date' },
        }),
    ],
    [
      'arAgingDocuments',
      (caller) =>
        statements.listArAgingDocuments(caller, {
          ...noParams,
          query: { ...page, entityId, at, by: 'due_date' },
        }),
    ],
    [
      'balanceSheet',
      (caller) => statements.getBalanceSheet(caller, { ...noParams, query: { entityId, at } }),
    ],
    [
      'profitAndLossOfYear',
      (caller) =>
        statements.getProfitAndLoss(caller, {
          ...noParams,
          query: { entityId, from: '2025-07-01', to: at, columns: 'total' },
        }),
    ],
    [
      'profitAndLossByMonth',
      (caller) =>
        statements.getProfitAndLoss(caller, {
          ...noParams,
          query: { entityId, from: firstDay, to: at, columns: 'months' },
        }),
    ],
    [
      'generalLedgerFirstPage',
      (caller) =>
        statements.getGeneralLedger(caller, {
          ...noParams,
          query: { ...page, entityId, account: '1200', from: '2025-07-01', to: at },
        }),
    ],
    [
      'generalLedgerDeepPage',
      (caller) =>
        statements.getGeneralLedger(caller, {
          ...noParams,
          query: { ...page, entityId, account: '1200', to: at, after: deepCursor },
        }),
    ],
    [
      'customerStatement',
      (caller) =>
        statements.getCustomerStatement(caller, {
          params: { id: largestCustomerId },
          body: undefined,
          query: { from: '2026-01-01', to: at },
        }),
    ],
    [
      'invoiceList',
      (caller) =>
        documents.listDocuments(caller, {
          ...noParams,
          query: { ...page, entityId, mode: 'live', sort: '-createdAt' },
        }),
    ],
    [
      'journalList',
      (caller) => journal.listJournal(caller, { ...noParams, query: { ...page, entityId, mode: 'live' } }),
    ],
  ];
}

/** Where a page in the middle of the receivables begins. */
async function findDeepCursor(database: Database, books: FilledBooks): Promise<string> {
  const [row] = await database.withSystem((tx) =>
    tx.query<{ entry_date: string; id: string; position: number }>(
      `SELECT e.entry_date, e.id, l.position FROM journal_entries e JOIN journal_lines l ON l.entry_id = e.id
       JOIN accounts a ON a.id = l.account_id
       WHERE e.entity_id = $1::uuid AND a.number = '1200' AND e.entry_date >= '2024-01-01' ORDER BY e.entry_date, e.id, l.position LIMIT 1`,
      [books.entityId],
    ),
  );
  return encodeCursor('general-ledger', [row?.entry_date ?? '', row?.id ?? '', row?.position ?? 0]);
}

interface Measure {
  /** Of the wall clock: the middle one, and the best. */
  readonly ms: number;
  readonly bestMs: number;
  /** Processor time of one reading on average. */
  readonly cpuMs: number | null;
}

async function measure(reading: () => Promise<unknown>): Promise<Measure> {
  const times: number[] = [];
  let cpuBefore: number | null = null;
  const begun = performance.now();
  // The first one is warming up, and not counted.
  for (let run = 0; run <= runsMax; run += 1) {
    if (run === 1) cpuBefore = await stores.cpuClock();
    const started = performance.now();
    await reading();
    if (run > 0) times.push(performance.now() - started);
    if (run > 0 && performance.now() - begun > measureMsMax) break;
  }
  const cpuAfter = await stores.cpuClock();
  const cpuMs = cpuBefore === null || cpuAfter === null ? null : (cpuAfter - cpuBefore) / times.length;
  return { ms: median(times), bestMs: Math.min(...times), cpuMs };
}

interface Measured {
  readonly fillMs: number;
  readonly journalLines: number;
  readonly documents: number;
  readonly readings: ReadonlyMap<string, Measure>;
}

async function measureBooks(lines: number): Promise<Measured> {
  const store = await stores.open();
  try {
    const { database } = store;
    const started = performance.now();
    const books = await fillBooks(database, lines);
    await store.settle();
    const fillMs = performance.now() - started;
    await assertAddsUp(database, books);
    const caller: Caller = { organizationId: books.organizationId, actor: 'system', scopes, userId: null };
    const readings = new Map<string, Measure>();
    for (const [name, reading] of readingsOf(database, books, await findDeepCursor(database, books))) {
      const measured = await measure(() => reading(caller));
      readings.set(name, measured);
      process.stderr.write(`${kind} ${lines} ${name} ${JSON.stringify(measured)}\n`);
    }
    return { fillMs, journalLines: books.journalLines, documents: books.documents, readings };
  } finally {
    await store.remove();
  }
}

/** Figures of books that do not add up would be those of nothing. */
async function assertAddsUp(database: Database, books: FilledBooks): Promise<void> {
  const caller: Caller = { organizationId: books.organizationId, actor: 'system', scopes, userId: null };
  const noParams = { params: undefined, body: undefined };
  const { entityId } = books;
  const balance = await journalHandlers(database).getTrialBalance(caller, {
    ...noParams,
    query: { entityId, at: lastDay },
  });
  const aging = await statementHandlers(database).getArAging(caller, {
    ...noParams,
    query: { entityId, at: lastDay, by: 'due_date', limit: 1 },
  });
  if (balance.totalDebit !== balance.totalCredit || aging.difference !== '0.00' || aging.total === 0)
    throw new Error(
      `The books do not add up: ${balance.totalDebit} ${balance.totalCredit} ${aging.difference}`,
    );
}

const rounded = (value: number | null): number | null => (value === null ? null : Number(value.toFixed(1)));

const stores = await openStores(kind);
try {
  const small = await measureBooks(Math.round(journalLines / 10));
  const large = await measureBooks(journalLines);
  const figures = ({ readings }: Measured, of: keyof Measure): Record<string, number | null> =>
    Object.fromEntries([...readings].map(([name, measured]) => [name, rounded(measured[of])]));
  const growth = [...large.readings].map(([name, { ms, cpuMs }]) => {
    const smaller = small.readings.get(name);
    return [name, rounded((cpuMs ?? ms) / Math.max(1, smaller?.cpuMs ?? smaller?.ms ?? 1))];
  });
  const result = {
    store: kind,
    journalLines: large.journalLines,
    documents: large.documents,
    fillMs: Math.round(large.fillMs),
    ms: figures(large, 'ms'),
    bestMs: figures(large, 'bestMs'),
    cpuMs: figures(large, 'cpuMs'),
    msOfATenth: figures(small, 'ms'),
    cpuMsOfATenth: figures(small, 'cpuMs'),
    growth: Object.fromEntries(growth) as Record<string, number>,
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
} finally {
  await stores.close();
}
