import { expect, test } from 'vitest';
import { TributaryError } from '../../src/kernel/errors.ts';
import { postDocuments } from '../../src/ledger/posting.ts';
import { reverseDocuments } from '../../src/ledger/reversal.ts';
import { openSampleBooks, type SampleBooks } from '../../src/ledger/sample-books.ts';
import { allocateReceipt } from '../../src/ledger/settlement/allocation.ts';
import { day, draftInvoice, receive, setRate } from '../../src/ledger/settlement/sample-settlements.ts';
import { reverseReceipt, undoSettlement } from '../../src/ledger/settlement/undo.ts';
import type { Database, Transaction } from '../../src/platform/database/database.ts';
import { createOrganization, describeOnBothStores } from '../support/database.ts';
import { checkInvariants, type KeptEntries } from './invariants.ts';

const rounds = 14;
const invoices = 40;

/** What somebody who comes second may be told; a deadlock above all is not among it. */
const refusals = new Set([
  'document_not_draft',
  'document_not_posted',
  'document_settled',
  'not_open',
  'exceeds_open_amount',
  'already_undone',
  'receipt_reversed',
  'conflict',
]);

/** The same numbers each time, others for each worker. */
function numbersOf(worker: number): (below: number) => number {
  let state = 1 + worker * 7919;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

interface Shared {
  readonly database: Database;
  readonly books: SampleBooks;
  readonly drafts: readonly string[];
  readonly receipts: string[];
  /** How often each document was said to be posted, and reversed. */
  readonly posted: Map<string, number>;
  readonly reversed: Map<string, number>;
}

describeOnBothStores('Eight at once: three who post, three who pay, two who reverse', (open) => {
  test('post each draft once, reverse it once, allocate no money twice and leave no gap', {
    timeout: 300_000,
  }, async () => {
    const shared = await prepare(await open());
    const { database, books, posted, reversed } = shared;
    const kept: KeptEntries = new Map();
    const look = () =>
      database.withOrganization(books.scope.organizationId, (tx) => checkInvariants(tx, kept));
    await look();
    const workers = [post, pay, reverse, post, pay, reverse, post, pay];
    await Promise.all(workers.map((work, worker) => work(shared, numbersOf(worker))));
    await look();
    const [counts] = await database.withOrganization(books.scope.organizationId, (tx) =>
      tx.query<{ posted: number; reversed: number }>(
        `SELECT count(*) FILTER (WHERE d.status <> 'draft')::integer AS posted,
             count(*) FILTER (WHERE d.status = 'reversed')::integer AS reversed
           FROM documents d WHERE d.entity_id = $1::uuid`,
        [books.entity.id],
      ),
    );
    expect([...posted.values(), ...reversed.values()].filter((times) => times !== 1)).toEqual([]);
    expect(counts).toEqual({ posted: posted.size, reversed: reversed.size });
    expect(posted.size).toBe(invoices);
    expect(reversed.size).toBeGreaterThan(0);
  });
});

async function prepare(database: Database): Promise<Shared> {
  const books = await openSampleBooks(database, await createOrganization(database));
  return database.withOrganization(books.scope.organizationId, async (tx) => {
    await setRate(tx, books, 'EUR', '2026-03-01', '1.1234567');
    const drafts: string[] = [];
    const receipts: string[] = [];
    for (let index = 0; index < invoices; index += 1) {
      const currency = index % 2 === 0 ? 'USD' : 'EUR';
      drafts.push(await draftInvoice(tx, books, [1000n + BigInt(index), 333n], { currency }));
      if (index % 4 < 2) receipts.push(await receive(tx, books, '30.00', { currency }));
    }
    return { database, books, drafts, receipts, posted: new Map(), reversed: new Map() };
  });
}

async function attempt(shared: Shared, work: (tx: Transaction) => Promise<void>): Promise<void> {
  const { database, books } = shared;
  await database.withOrganization(books.scope.organizationId, work).catch((error: unknown) => {
    if (!(error instanceof TributaryError && refusals.has(error.code))) throw error;
  });
}

const some = (ids: readonly string[], count: number, next: (below: number) => number): string[] =>
  Array.from({ length: count }, () => ids[next(ids.length)] ?? '');

const count = (counts: Map<string, number>, id: string): void => {
  counts.set(id, (counts.get(id) ?? 0) + 1);
};

/** Overlapping batches, each in an order of its own; in the end every draft was in one. */
async function post(shared: Shared, next: (below: number) => number): Promise<void> {
  const { drafts, books, posted } = shared;
  for (let round = 0; round <= rounds; round += 1) {
    const ids = round === rounds ? drafts : some(drafts, 4, next);
    let done: readonly string[] = [];
    await attempt(shared, async (tx) => {
      const outcomes = await postDocuments(tx, [...new Set(ids)], books.context);
      done = outcomes.filter(({ outcome }) => outcome === 'posted').map(({ id }) => id);
    });
    for (const id of done) count(posted, id);
  }
}

/** Old money on two invoices at once, new money on the oldest, and now and then back again. */
async function pay(shared: Shared, next: (below: number) => number): Promise<void> {
  const { drafts, receipts, books } = shared;
  for (let round = 0; round < rounds; round += 1) {
    await attempt(shared, async (tx) => {
      const kind = next(4);
      if (kind === 0) {
        const [live] = await tx.query<{ id: string }>(
          'SELECT s.id FROM settlements s WHERE s.undone_at IS NULL ORDER BY s.id DESC LIMIT 1',
        );
        if (live) await undoSettlement(tx, live.id, books.context);
      } else if (kind === 1) {
        const currency = next(2) === 0 ? 'USD' : 'EUR';
        await receive(tx, books, '17.77', { currency, allocations: 'oldest_first' });
      } else {
        // Documents of even places are in dollars, and so are receipts.
        const parity = next(2);
        const place = next(drafts.length / 2) * 2 + parity;
        const ids = [...new Set([drafts[place], drafts[(place + 2) % drafts.length]])];
        const allocations = ids.map((documentId) => ({ documentId: documentId ?? '', amount: '5.00' }));
        const receipt = receipts[next(receipts.length / 2) * 2 + parity] ?? '';
        await allocateReceipt(tx, receipt, allocations, books.context, { date: day('2026-03-25') });
      }
    });
  }
}

async function reverse(shared: Shared, next: (below: number) => number): Promise<void> {
  const { drafts, receipts, books, reversed } = shared;
  for (let round = 0; round < rounds; round += 1) {
    let done: readonly string[] = [];
    await attempt(shared, async (tx) => {
      if (next(3) === 0) await reverseReceipt(tx, some(receipts, 1, next)[0] ?? '', books.context);
      else {
        const ids = [...new Set(some(drafts, 3, next))];
        const outcomes = await reverseDocuments(tx, ids, books.context);
        done = outcomes.filter(({ outcome }) => outcome === 'reversed').map(({ id }) => id);
      }
    });
    for (const id of done) count(reversed, id);
  }
}
