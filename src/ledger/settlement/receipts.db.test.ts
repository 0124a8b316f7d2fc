import { beforeAll, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores } from '../../../test/support/database.ts';
import { newId } from '../../kernel/ids.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { insertCustomers } from '../customers-store.ts';
import { mergeCustomers } from '../customers.ts';
import { reverseDocument } from '../reversal.ts';
import { openSampleBooks, type SampleBooks, sampleCustomer } from '../sample-books.ts';
import { allocateReceipt } from './allocation.ts';
import { getReceipt } from './receipts-store.ts';
import { refundReceipt } from './refunds.ts';
import { balances, codeOf, day, draftInvoice, postInvoice, receive, stateOf } from './sample-settlements.ts';
import { listSettlements } from './settlements-store.ts';
import { reverseReceipt, undoSettlement } from './undo.ts';

describeOnBothStores('Receipts', (open) => {
  let database: Database;
  let organizationId: string;
  let books: SampleBooks;

  beforeAll(async () => {
    database = await open();
    organizationId = await createOrganization(database);
    books = await openSampleBooks(database, organizationId);
  });

  const inBooks = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.withOrganization(organizationId, work);
  const refusal = (work: (tx: Transaction) => Promise<unknown>): Promise<string> => codeOf(inBooks(work));

  test('pays several invoices at once, one in part, and keeps what is over', async () => {
    const own = await openSampleBooks(database, organizationId);
    const { states, receipt, sums } = await inBooks(async (tx) => {
      const first = await postInvoice(tx, own, [10000n]);
      const second = await postInvoice(tx, own, [5000n]);
      const id = await receive(tx, own, '170.00', {
        allocations: [
          { documentId: first, amount: '100.00' },
          { documentId: second, amount: '20.00' },
        ],
        reference: 'Wire 77',
      });
      return {
        states: [await stateOf(tx, first), await stateOf(tx, second)],
        receipt: await getReceipt(tx, id),
        sums: await balances(tx, own),
      };
    });
    expect(states).toEqual([
      { status: 'paid', openMinor: 0n },
      { status: 'partly_paid', openMinor: 3000n },
    ]);
    expect(receipt).toMatchObject({ number: 'RCT-000001', unappliedMinor: 5000n, reference: 'Wire 77' });
    expect(sums).toEqual({ '1000': 17000n, '1200': 3000n, '2150': -5000n, '4000': -15000n });
  });

  test('settles the oldest invoices first when asked to, and the rest stays unapplied', async () => {
    const own = await openSampleBooks(database, organizationId);
    const { states, receipt } = await inBooks(async (tx) => {
      const late = await postInvoice(tx, own, [1000n], { dueDate: day('2026-06-01') });
      const early = await postInvoice(tx, own, [2000n], { dueDate: day('2026-04-01') });
      const id = await receive(tx, own, '25.00', { allocations: 'oldest_first' });
      const more = await receive(tx, own, '9.00', { allocations: 'oldest_first' });
      return {
        states: [await stateOf(tx, early), await stateOf(tx, late)],
        receipt: [await getReceipt(tx, id), await getReceipt(tx, more)].map((found) => found?.unappliedMinor),
      };
    });
    expect(states.map((state) => state?.status)).toEqual(['paid', 'paid']);
    expect(receipt).toEqual([0n, 400n]);
  });

  test('uses unapplied money later, gives it back when that is undone, and can be undone only once', async () => {
    const { invoice, receipt, settlement } = await inBooks(async (tx) => {
      const invoiceId = await postInvoice(tx, books, [4000n]);
      const receiptId = await receive(tx, books, '40.00');
      await allocateReceipt(tx, receiptId, [{ documentId: invoiceId, amount: '40' }], books.context);
      const [made] = await listSettlements(tx, { receiptId });
      return { invoice: invoiceId, receipt: receiptId, settlement: made?.id ?? '' };
    });
    expect(await inBooks((tx) => stateOf(tx, invoice))).toEqual({ status: 'paid', openMinor: 0n });
    await inBooks((tx) => undoSettlement(tx, settlement, books.context));
    expect(await inBooks((tx) => stateOf(tx, invoice))).toEqual({ status: 'posted', openMinor: 4000n });
    expect((await inBooks((tx) => getReceipt(tx, receipt)))?.unappliedMinor).toBe(4000n);
    expect(await refusal((tx) => undoSettlement(tx, settlement, books.context))).toBe('already_undone');
    expect(await refusal((tx) => undoSettlement(tx, newId(), books.context))).toBe('not_found');
  });

  test('is reversed with its allocations, once, and leaves the invoices open again', async () => {
    const own = await openSampleBooks(database, organizationId);
    const { invoices, receiptId } = await inBooks(async (tx) => {
      const ids = [await postInvoice(tx, own, [700n]), await postInvoice(tx, own, [300n])];
      const made = await receive(tx, own, '10.00', { allocations: 'oldest_first' });
      await reverseReceipt(tx, made, own.context);
      return {
        invoices: [await stateOf(tx, ids[0] ?? ''), await stateOf(tx, ids[1] ?? '')],
        receiptId: made,
      };
    });
    expect(invoices).toEqual([
      { status: 'posted', openMinor: 700n },
      { status: 'posted', openMinor: 300n },
    ]);
    expect(await inBooks((tx) => balances(tx, own))).toEqual({ '1200': 1000n, '4000': -1000n });
    expect(await inBooks((tx) => getReceipt(tx, receiptId))).toMatchObject({
      status: 'reversed',
      unappliedMinor: 0n,
    });
    expect(await refusal((tx) => reverseReceipt(tx, receiptId, own.context))).toBe('receipt_reversed');
    expect(await refusal((tx) => refundReceipt(tx, receiptId, {}, own.context))).toBe('receipt_reversed');
  });

  test('pays unapplied money back, and is not reversed while a refund stands', async () => {
    const own = await openSampleBooks(database, organizationId);
    const receiptId = await inBooks((tx) => receive(tx, own, '30.00'));
    const refund = (amount?: string) =>
      inBooks((tx) => refundReceipt(tx, receiptId, amount === undefined ? {} : { amount }, own.context));
    const id = await refund('10.00');
    expect(await codeOf(refund('20.01'))).toBe('exceeds_open_amount');
    expect(await refusal((tx) => reverseReceipt(tx, receiptId, own.context))).toBe('receipt_refunded');
    expect(await inBooks((tx) => balances(tx, own))).toEqual({ '1000': 2000n, '2150': -2000n });
    await refund();
    expect(await codeOf(refund())).toBe('not_open');
    await inBooks((tx) => undoSettlement(tx, id, own.context));
    expect(await inBooks((tx) => balances(tx, own))).toEqual({ '1000': 1000n, '2150': -1000n });
  });

  test('refuses amounts of nothing, less, too many decimals or more than 10^15, and changes nothing', async () => {
    const own = await openSampleBooks(database, organizationId);
    const codes = [];
    for (const amount of ['0', '-5', '1.001', 'ten', '10000000000000.01']) {
      codes.push(await refusal((tx) => receive(tx, own, amount)));
    }
    expect(codes).toEqual([
      'invalid_amount',
      'invalid_amount',
      'invalid_amount',
      'invalid_amount',
      'amount_out_of_range',
    ]);
    expect(await inBooks((tx) => balances(tx, own))).toEqual({});
    expect(await inBooks((tx) => receive(tx, own, '10000000000000.00'))).toMatch(/-/);
  });

  test('refuses what it cannot settle, each with its own code, all or nothing', async () => {
    const own = await openSampleBooks(database, organizationId);
    const other = await openSampleBooks(database, organizationId);
    const stranger = newId();
    const { draft, posted, reversed, theirs, elsewhere, euro, paid } = await inBooks(async (tx) => {
      await insertCustomers(tx, own.scope, [{ id: stranger, draft: sampleCustomer('Other Ltd') }]);
      const ids = {
        draft: await draftInvoice(tx, own, [100n]),
        posted: await postInvoice(tx, own, [100n]),
        reversed: await postInvoice(tx, own, [100n]),
        theirs: await postInvoice(tx, { ...own, customerId: stranger }, [100n]),
        elsewhere: await postInvoice(tx, other, [100n]),
        euro: await draftInvoice(tx, own, [100n], { currency: 'EUR' }),
        paid: await postInvoice(tx, own, [100n]),
      };
      await reverseDocument(tx, ids.reversed, own.context);
      await receive(tx, own, '1', { allocations: [{ documentId: ids.paid, amount: '1' }] });
      return ids;
    });
    const pay = (allocations: readonly (readonly [string, string])[]) =>
      refusal((tx) =>
        receive(tx, own, '100.00', {
          allocations: allocations.map(([documentId, amount]) => ({ documentId, amount })),
        }),
      );
    expect(await pay([[draft, '1']])).toBe('not_open');
    expect(await pay([[reversed, '1']])).toBe('not_open');
    expect(await pay([[paid, '1']])).toBe('not_open');
    expect(await pay([[theirs, '1']])).toBe('customer_mismatch');
    expect(await pay([[elsewhere, '1']])).toBe('invalid_request');
    expect(await pay([[euro, '1']])).toBe('currency_mismatch');
    expect(await pay([[newId(), '1']])).toBe('not_found');
    expect(await pay([[posted, '1.01']])).toBe('exceeds_open_amount');
    expect(await pay([[posted, '0']])).toBe('invalid_amount');
    expect(await pay([[posted, '-1']])).toBe('invalid_amount');
    expect(
      await pay([
        [posted, '0.50'],
        [posted, '0.50'],
      ]),
    ).toBe('invalid_request');
    expect(
      await pay([
        [posted, '0.50'],
        [draft, '0.50'],
      ]),
    ).toBe('not_open');
    expect(
      await refusal((tx) =>
        receive(tx, own, '0.50', { allocations: [{ documentId: posted, amount: '0.60' }] }),
      ),
    ).toBe('exceeds_open_amount');
    expect(await refusal((tx) => receive(tx, own, '1', { bankAccount: '4000' }))).toBe('account_not_usable');
    expect(await refusal((tx) => receive(tx, own, '1', { customerId: other.customerId }))).toBe('not_found');
    expect(await refusal((tx) => receive(tx, own, '1', { currency: 'CHF' }))).toBe('no_exchange_rate');
    expect(await refusal((tx) => receive(tx, own, '1', { currency: 'XXQ' }))).toBe('unknown_currency');
    expect(await inBooks((tx) => stateOf(tx, posted))).toEqual({ status: 'posted', openMinor: 100n });
    // The one receipt that was taken has the first number; all the refused ones have left no gap.
    const next = await inBooks((tx) => receive(tx, own, '1'));
    expect((await inBooks((tx) => getReceipt(tx, next)))?.number).toBe('RCT-000002');
  });

  test('keeps a paid invoice from being reversed and says what to undo first', async () => {
    const invoice = await inBooks(async (tx) => {
      const id = await postInvoice(tx, books, [900n]);
      await receive(tx, books, '4.00', { allocations: [{ documentId: id, amount: '4.00' }] });
      return id;
    });
    await expect(inBooks((tx) => reverseDocument(tx, invoice, books.context))).rejects.toMatchObject({
      code: 'document_settled',
      detail: expect.stringMatching(/Undo or reverse first: payment RCT-\d+ of USD 4\.00/),
    });
  });

  test('goes with its customer when that is merged into another', async () => {
    const other = newId();
    const moved = await inBooks(async (tx) => {
      await insertCustomers(tx, books.scope, [{ id: other, draft: sampleCustomer('Twin Ltd') }]);
      const twin = { ...books, customerId: other };
      const invoice = await postInvoice(tx, twin, [500n]);
      const receiptId = await receive(tx, twin, '5.00', {
        allocations: [{ documentId: invoice, amount: '2.00' }],
      });
      await mergeCustomers(tx, books.scope, other, books.customerId, books.context);
      await allocateReceipt(tx, receiptId, [{ documentId: invoice, amount: '3.00' }], books.context);
      return { receipt: await getReceipt(tx, receiptId), state: await stateOf(tx, invoice) };
    });
    expect(moved.receipt?.customer.id).toBe(books.customerId);
    expect(moved.state).toEqual({ status: 'paid', openMinor: 0n });
    // Later money goes to the customer that has the invoices now.
    await expect(inBooks((tx) => receive(tx, { ...books, customerId: other }, '1.00'))).rejects.toMatchObject(
      {
        code: 'invalid_request',
        detail: 'Twin Ltd was merged into Acme Ltd: choose that one.',
      },
    );
  });
});
