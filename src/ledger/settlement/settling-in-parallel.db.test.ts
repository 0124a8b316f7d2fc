import { expect, test } from 'vitest';
import { createOrganization, describeOnBothStores, whereParallel } from '../../../test/support/database.ts';
import { TributaryError } from '../../kernel/errors.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { postDocuments } from '../posting.ts';
import { reverseDocument } from '../reversal.ts';
import { openSampleBooks, type SampleBooks } from '../sample-books.ts';
import { allocateCreditNote, allocateReceipt } from './allocation.ts';
import { creditInvoice } from './credit-notes.ts';
import { draftInvoice, postInvoice, receive } from './sample-settlements.ts';
import { reverseReceipt, undoSettlement } from './undo.ts';
import { writeOffInvoice } from './write-off.ts';

const workers = 8;
const rounds = 12;

/** The refusals that somebody who comes second may meet; anything else, a deadlock above all, fails the test. */
const expected = new Set([
  'not_open',
  'exceeds_open_amount',
  'exceeds_creditable',
  'already_undone',
  'receipt_reversed',
  'receipt_refunded',
  'document_settled',
  'conflict',
]);

describeOnBothStores('Settling', (open, kind) => {
  test('on one connection after another leaves open what was not paid', async () => {
    const database = await open();
    const books = await openSampleBooks(database, await createOrganization(database));
    await act(database, books, await prepare(database, books), 0, 3);
    expect(await inconsistencies(database, books)).toEqual({ open: [], unapplied: [], gaps: [] });
  });

  whereParallel(kind, () => {
    test('by eight at once never deadlocks, allocates twice or leaves a gap in the numbers', async () => {
      const database = await open();
      const books = await openSampleBooks(database, await createOrganization(database));
      const shared = await prepare(database, books);
      await Promise.all(
        Array.from({ length: workers }, (_, worker) => act(database, books, shared, worker, rounds)),
      );
      expect(await inconsistencies(database, books)).toEqual({ open: [], unapplied: [], gaps: [] });
    });
  });
});

interface SharedIds {
  readonly invoices: readonly string[];
  readonly receipts: readonly string[];
  readonly notes: readonly string[];
}

function prepare(database: Database, books: SampleBooks): Promise<SharedIds> {
  return database.withOrganization(books.scope.organizationId, async (tx) => {
    const invoices: string[] = [];
    const receipts: string[] = [];
    const notes: string[] = [];
    for (let index = 0; index < 6; index += 1) {
      const invoice = await postInvoice(tx, books, [1000n, 200n]);
      invoices.push(invoice);
      receipts.push(await receive(tx, books, '20.00'));
      const note = await creditInvoice(tx, invoice, { amount: '3.00' }, books.context);
      await postDocuments(tx, [note], books.context);
      notes.push(note);
    }
    return { invoices, receipts, notes };
  });
}

/** Pays, credits, writes off, undoes, posts and reverses, all on the same few invoices, in an order of the worker's own. */
async function act(
  database: Database,
  books: SampleBooks,
  { invoices, receipts, notes }: SharedIds,
  worker: number,
  count: number,
): Promise<void> {
  const { context } = books;
  const pick = (ids: readonly string[], step: number): string => ids[step % ids.length] ?? '';
  const deeds: readonly ((tx: Transaction, step: number) => Promise<unknown>)[] = [
    (tx, step) => {
      const pair = [pick(invoices, step), pick(invoices, step + 1)];
      const allocations = (worker % 2 === 0 ? pair : pair.toReversed()).map((documentId) => ({
        documentId,
        amount: '1.00',
      }));
      return allocateReceipt(tx, pick(receipts, step * 5), allocations, context);
    },
    (tx, step) =>
      allocateCreditNote(
        tx,
        pick(notes, step),
        [{ documentId: pick(invoices, step + 3), amount: '0.50' }],
        context,
      ),
    (tx) => receive(tx, books, '2.00', { allocations: 'oldest_first' }),
    async (tx) => {
      const [live] = await tx.query<{ id: string }>(
        'SELECT s.id FROM settlements s WHERE s.undone_at IS NULL ORDER BY s.id DESC LIMIT 1',
      );
      if (live) await undoSettlement(tx, live.id, context);
    },
    (tx, step) => writeOffInvoice(tx, pick(invoices, step), { amount: '0.25', reason: 'Rounding' }, context),
    (tx, step) => reverseReceipt(tx, pick(receipts, step * 7), context),
    async (tx, step) => {
      const note = await creditInvoice(tx, pick(invoices, step), { amount: '0.10', apply: true }, context);
      const draft = await draftInvoice(tx, books, [100n]);
      await postDocuments(tx, [draft], context);
      return note;
    },
    (tx, step) => reverseDocument(tx, pick([...invoices, ...notes], step), context),
  ];
  for (let step = 0; step < count; step += 1) {
    const place = step + worker;
    const deed = deeds[place % deeds.length];
    await database
      .withOrganization(books.scope.organizationId, async (tx) => deed?.(tx, place))
      .catch((error: unknown) => {
        if (!(error instanceof TributaryError && expected.has(error.code))) throw error;
      });
  }
}

/** What should be empty: documents and receipts whose settlements say something else, and holes in the numbers. */
function inconsistencies(database: Database, books: SampleBooks) {
  const { entityId, organizationId } = books.scope;
  return database.withOrganization(organizationId, async (tx) => ({
    open: await tx.query(
      `SELECT d.number FROM documents d
       WHERE d.entity_id = $1::uuid AND d.status NOT IN ('draft', 'reversed') AND d.total_minor - d.open_minor <> coalesce((
         SELECT sum(s.amount_minor) FROM settlements s
         WHERE (s.document_id = d.id OR s.credit_note_id = d.id) AND s.undone_at IS NULL
       ), 0)`,
      [entityId],
    ),
    unapplied: await tx.query(
      `SELECT r.number FROM receipts r
       WHERE r.entity_id = $1::uuid AND r.status = 'posted' AND r.amount_minor - r.unapplied_minor <> coalesce((
         SELECT sum(s.amount_minor) FROM settlements s WHERE s.receipt_id = r.id AND s.undone_at IS NULL
       ), 0)`,
      [entityId],
    ),
    gaps: await tx.query(
      `SELECT n.kind, n.next_number, t.taken FROM number_series n JOIN (
         SELECT d.kind, count(*) AS taken FROM documents d WHERE d.entity_id = $1::uuid AND d.number IS NOT NULL GROUP BY d.kind
         UNION ALL
         SELECT 'receipt', count(*) FROM receipts r WHERE r.entity_id = $1::uuid
       ) t ON t.kind = n.kind
       WHERE n.entity_id = $1::uuid AND n.next_number - 1 <> t.taken`,
      [entityId],
    ),
  }));
}
