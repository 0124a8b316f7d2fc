import { beforeAll, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores } from '../../../test/support/database.ts';
import { newId } from '../../kernel/ids.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { getDocument } from '../documents-store.ts';
import { postDocuments } from '../posting.ts';
import { reverseDocument } from '../reversal.ts';
import { openSampleBooks, type SampleBooks, sampleLine } from '../sample-books.ts';
import { allocateCreditNote } from './allocation.ts';
import { type CreditRequest, createCreditNote, creditInvoice } from './credit-notes.ts';
import { setDispute } from './dispute.ts';
import { refundCreditNote } from './refunds.ts';
import { balances, codeOf, day, draftInvoice, postInvoice, receive, stateOf } from './sample-settlements.ts';
import { listSettlements } from './settlements-store.ts';
import { undoSettlement } from './undo.ts';
import { writeOffInvoice } from './write-off.ts';

describeOnBothStores('Credit notes, write-offs and disputes', (open) => {
  let database: Database;
  let books: SampleBooks;

  beforeAll(async () => {
    database = await open();
    books = await openSampleBooks(database, await createOrganization(database));
  });

  const inBooks = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.withOrganization(books.scope.organizationId, work);
  const refusal = (work: (tx: Transaction) => Promise<unknown>): Promise<string> => codeOf(inBooks(work));
  const credit = (tx: Transaction, invoice: string, request: CreditRequest = {}): Promise<string> =>
    creditInvoice(tx, invoice, request, books.context);
  const taxed = (amountMinor: bigint, taxMinor: bigint, position = 1) =>
    sampleLine(books.itemId, position, amountMinor, { taxMinor });

  test('take an invoice back whole: a draft, then a number of its own and the entry the other way round', async () => {
    const own = await openSampleBooks(database, books.scope.organizationId);
    const { note, draft, states, sums } = await inBooks(async (tx) => {
      const invoice = await postInvoice(tx, own, [
        sampleLine(own.itemId, 1, 10000n, { taxMinor: 1900n }),
        sampleLine(own.itemId, 2, -1000n, { taxMinor: -190n }),
      ]);
      const id = await creditInvoice(tx, invoice, { reason: 'Cancelled' }, own.context);
      const before = await getDocument(tx, id);
      await postDocuments(tx, [id], own.context);
      await allocateCreditNote(tx, id, [{ documentId: invoice, amount: '107.10' }], own.context);
      return {
        note: await getDocument(tx, id),
        draft: before,
        states: [await stateOf(tx, invoice), await stateOf(tx, id)],
        sums: await balances(tx, own),
      };
    });
    expect(draft).toMatchObject({
      kind: 'credit_note',
      status: 'draft',
      totalMinor: 10710n,
      memo: 'Cancelled',
    });
    expect(note).toMatchObject({ number: 'CN-000001', creditsDocumentId: expect.any(String) });
    expect(states).toEqual([
      { status: 'credited', openMinor: 0n },
      { status: 'credited', openMinor: 0n },
    ]);
    expect(sums).toEqual({});
  });

  test('take back lines or an amount, tax in proportion, to the last cent and not above', async () => {
    const { parts, rest, above } = await inBooks(async (tx) => {
      const invoice = await postInvoice(tx, books, [taxed(1000n, 190n), taxed(333n, 63n, 2)]);
      const byLine = await credit(tx, invoice, { lines: [{ position: 1, amount: '3.33' }] });
      const byAmount = await credit(tx, invoice, { amount: '1.00' });
      const last = await credit(tx, invoice);
      return {
        parts: [await getDocument(tx, byLine), await getDocument(tx, byAmount)],
        rest: await getDocument(tx, last),
        above: invoice,
      };
    });
    expect(parts.map((note) => [note?.totalMinor, note?.taxMinor])).toEqual([
      [396n, 63n],
      [100n, 16n],
    ]);
    expect(rest?.totalMinor).toBe(1586n - 396n - 100n);
    expect(await refusal((tx) => credit(tx, above))).toBe('exceeds_creditable');
    expect(await refusal((tx) => credit(tx, above, { amount: '0.01' }))).toBe('exceeds_creditable');
  });

  test('refuse more than the invoice, a draft, a reversed one, and lines that there are not', async () => {
    const { invoice, draft, reversed } = await inBooks(async (tx) => {
      const ids = {
        invoice: await postInvoice(tx, books, [500n, 500n]),
        draft: await draftInvoice(tx, books, [500n]),
        reversed: await postInvoice(tx, books, [500n]),
      };
      await reverseDocument(tx, ids.reversed, books.context);
      return ids;
    });
    const codes = [
      await refusal((tx) => credit(tx, invoice, { amount: '10.01' })),
      await refusal((tx) => credit(tx, invoice, { amount: '0' })),
      await refusal((tx) => credit(tx, invoice, { lines: [{ position: 1, amount: '5.01' }] })),
      await refusal((tx) => credit(tx, invoice, { lines: [{ position: 3 }] })),
      await refusal((tx) => credit(tx, invoice, { amount: '1', lines: [{ position: 1 }] })),
      await refusal((tx) => credit(tx, draft)),
      await refusal((tx) => credit(tx, reversed)),
      await refusal((tx) => credit(tx, newId())),
    ];
    expect(codes).toEqual([
      'exceeds_creditable',
      'invalid_amount',
      'exceeds_creditable',
      'invalid_request',
      'invalid_request',
      'not_open',
      'not_open',
      'not_found',
    ]);
  });

  test('keep the invoice from being reversed while they are posted, and are posted and reversed once', async () => {
    const { invoice, note } = await inBooks(async (tx) => {
      const id = await postInvoice(tx, books, [800n]);
      const noteId = await credit(tx, id);
      await postDocuments(tx, [noteId], books.context);
      return { invoice: id, note: noteId };
    });
    const [again] = await inBooks((tx) => postDocuments(tx, [note], books.context));
    expect(again).toMatchObject({ outcome: 'failed', error: { code: 'document_not_draft' } });
    expect(await refusal((tx) => reverseDocument(tx, invoice, books.context))).toBe('document_settled');
    await inBooks((tx) => reverseDocument(tx, note, books.context));
    expect(await refusal((tx) => reverseDocument(tx, note, books.context))).toBe('document_settled');
    // What a reversed credit note took is there to be credited anew.
    const anew = await inBooks((tx) => credit(tx, invoice));
    await inBooks((tx) => reverseDocument(tx, invoice, books.context));
    const [late] = await inBooks((tx) => postDocuments(tx, [anew], books.context));
    expect(late).toMatchObject({ outcome: 'failed', error: { code: 'not_open' } });
  });

  test('are applied at once where that is asked for, and free to refund where the invoice is paid', async () => {
    const own = await openSampleBooks(database, books.scope.organizationId);
    const { states, sums } = await inBooks(async (tx) => {
      const invoice = await postInvoice(tx, own, [1000n]);
      await receive(tx, own, '6.00', { allocations: [{ documentId: invoice, amount: '6.00' }] });
      const note = await creditInvoice(tx, invoice, { apply: true }, own.context);
      const halfway = [await stateOf(tx, invoice), await stateOf(tx, note)];
      await refundCreditNote(tx, note, {}, own.context);
      return { states: [...halfway, await stateOf(tx, note)], sums: await balances(tx, own) };
    });
    expect(states).toEqual([
      { status: 'paid', openMinor: 0n },
      { status: 'partly_paid', openMinor: 600n },
      { status: 'credited', openMinor: 0n },
    ]);
    expect(sums).toEqual({});
  });

  test('stand free of an invoice, and are used on several and undone', async () => {
    const { first, second, note } = await inBooks(async (tx) => {
      const id = await createCreditNote(
        tx,
        {
          entityId: books.entity.id,
          customerId: books.customerId,
          currency: 'USD',
          date: day('2026-03-12'),
          description: 'Goodwill',
          lines: [{ description: 'Late delivery', amount: '10.00', tax: '1.90' }],
        },
        books.context,
      );
      await postDocuments(tx, [id], books.context);
      return {
        note: id,
        first: await postInvoice(tx, books, [700n]),
        second: await postInvoice(tx, books, [900n]),
      };
    });
    const use = (amounts: readonly string[]) => (tx: Transaction) =>
      allocateCreditNote(
        tx,
        note,
        [first, second].map((documentId, index) => ({ documentId, amount: amounts[index] ?? '' })),
        books.context,
      );
    expect(await refusal(use(['7.00', '4.91']))).toBe('exceeds_open_amount');
    await inBooks(use(['7.00', '4.90']));
    expect(await inBooks((tx) => stateOf(tx, first))).toEqual({ status: 'credited', openMinor: 0n });
    expect(await inBooks((tx) => stateOf(tx, note))).toEqual({ status: 'credited', openMinor: 0n });
    expect(await refusal(use(['1.00', '1.00']))).toBe('not_open');
    const [made] = await inBooks((tx) => listSettlements(tx, { documentId: first }));
    await inBooks((tx) => undoSettlement(tx, made?.id ?? '', books.context));
    expect(await inBooks((tx) => stateOf(tx, note))).toEqual({ status: 'partly_paid', openMinor: 700n });
    expect(await refusal((tx) => allocateCreditNote(tx, first, [], books.context))).toBe('invalid_request');
  });

  test('an invoice is written off, in part or whole, and that is undone', async () => {
    const own = await openSampleBooks(database, books.scope.organizationId);
    const invoice = await inBooks((tx) => postInvoice(tx, own, [1000n]));
    const writeOff = (fields: { amount?: string; reason: string }) => (tx: Transaction) =>
      writeOffInvoice(tx, invoice, fields, own.context);
    await inBooks((tx) => receive(tx, own, '4', { allocations: [{ documentId: invoice, amount: '4' }] }));
    expect(await refusal(writeOff({ amount: '6.01', reason: 'Insolvent' }))).toBe('exceeds_open_amount');
    expect(await refusal(writeOff({ amount: '1', reason: ' ' }))).toBe('invalid_request');
    await inBooks(writeOff({ amount: '1.00', reason: 'Insolvent' }));
    expect(await inBooks((tx) => stateOf(tx, invoice))).toEqual({ status: 'partly_paid', openMinor: 500n });
    const id = await inBooks(writeOff({ reason: 'Insolvent' }));
    expect(await inBooks((tx) => stateOf(tx, invoice))).toEqual({ status: 'written_off', openMinor: 0n });
    expect(await inBooks((tx) => balances(tx, own))).toEqual({ '1000': 400n, '4000': -1000n, '6300': 600n });
    expect(await refusal(writeOff({ reason: 'Again' }))).toBe('not_open');
    await inBooks((tx) => undoSettlement(tx, id, own.context));
    expect(await inBooks((tx) => stateOf(tx, invoice))).toEqual({ status: 'partly_paid', openMinor: 500n });
  });

  test('an invoice is marked as disputed with who, when and why, and cleared likewise', async () => {
    const invoice = await inBooks((tx) => postInvoice(tx, books, [1000n]));
    const dispute = (disputed: boolean, reason: string) => (tx: Transaction) =>
      setDispute(tx, invoice, { disputed, reason }, books.context);
    expect(await refusal(dispute(false, 'Nothing'))).toBe('conflict');
    await inBooks(dispute(true, 'Never delivered'));
    expect(await inBooks((tx) => getDocument(tx, invoice))).toMatchObject({
      dispute: { by: 'user:test', reason: 'Never delivered', at: expect.any(String) },
    });
    expect(await refusal(dispute(true, 'Twice'))).toBe('conflict');
    await inBooks(dispute(false, 'Delivered after all'));
    expect((await inBooks((tx) => getDocument(tx, invoice)))?.dispute).toBeNull();
  });
});
