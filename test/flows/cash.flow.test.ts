import { beforeAll, expect, test } from 'vitest';
import { apiBasePath, idempotencyKeyHeader } from '../../src/contract/headers.ts';
import { type OperationId, routes } from '../../src/contract/routes.ts';
import { openSampleBooks, type SampleBooks } from '../../src/ledger/sample-books.ts';
import { postInvoice } from '../../src/ledger/settlement/sample-settlements.ts';
import { describeOnBothStores } from '../support/database.ts';
import { type ApiFixture, bearer, bootstrapKey, openApi } from './api-fixture.ts';

type Payload = Record<string, unknown>;

describeOnBothStores('Cash over the API', (open) => {
  let fixture: ApiFixture;
  let books: SampleBooks;

  const ask = async (
    operation: OperationId,
    given: {
      readonly id?: string;
      readonly query?: Record<string, string>;
      readonly body?: Payload;
      readonly key?: string;
      readonly once?: string;
    } = {},
  ) => {
    const route = routes[operation];
    const search = new URLSearchParams(given.query).toString();
    const answer = await fixture.app.inject({
      method: route.method,
      url: `${apiBasePath}${route.path.replace(':id', given.id ?? '')}${search === '' ? '' : `?${search}`}`,
      headers: {
        ...bearer(given.key ?? bootstrapKey),
        ...(given.once === undefined ? {} : { [idempotencyKeyHeader]: given.once }),
      },
      ...(given.body === undefined ? {} : { payload: given.body }),
    });
    return { status: answer.statusCode, body: answer.json<Payload>() };
  };
  const invoiceOf = (amountMinor: bigint): Promise<string> =>
    fixture.database.withOrganization(fixture.organizationId, (tx) => postInvoice(tx, books, [amountMinor]));
  const payment = (amount: string, more: Payload = {}): Payload => ({
    entityId: books.entity.id,
    customerId: books.customerId,
    currency: 'USD',
    amount,
    receivedOn: '2026-03-20',
    ...more,
  });

  beforeAll(async () => {
    fixture = await openApi(await open());
    books = await openSampleBooks(fixture.database, fixture.organizationId, { name: 'Cash Ltd' });
    return () => fixture.app.close();
  });

  test('a payment is proposed, recorded once for its key, allocated, undone and reversed', async () => {
    const invoice = await invoiceOf(10_000n);
    const proposal = await ask('proposeAllocation', {
      query: { entityId: books.entity.id, customerId: books.customerId, currency: 'USD', amount: '120' },
    });
    expect(proposal.body).toMatchObject({
      data: [{ documentId: invoice, openAmount: '100.00', proposed: '100.00' }],
      unapplied: '20.00',
    });
    const body = payment('120.00', { allocations: [{ documentId: invoice, amount: '90.00' }] });
    const made = await ask('createReceipt', { body, once: 'pay-1' });
    expect(made).toMatchObject({ status: 201, body: { unapplied: '30.00', status: 'posted' } });
    expect((await ask('createReceipt', { body, once: 'pay-1' })).body).toEqual(made.body);
    const id = String(made.body['id']);
    const allocations = [{ documentId: invoice, amount: '10.00' }];
    const allocated = await ask('allocateReceipt', { id, body: { allocations } });
    expect(allocated.body).toMatchObject({ unapplied: '20.00' });
    expect((await ask('getDocument', { id: invoice })).body).toMatchObject({
      status: 'paid',
      openAmount: '0.00',
    });
    const above = await ask('allocateReceipt', { id, body: { allocations } });
    expect(above).toMatchObject({ status: 409, body: { code: 'not_open' } });
    const settlements = (await ask('listSettlements', { query: { documentId: invoice } })).body[
      'data'
    ] as Payload[];
    expect(settlements.map(({ amount }) => amount)).toEqual(['90.00', '10.00']);
    const undone = await ask('undoSettlement', { id: String(settlements[0]?.['id']) });
    expect(undone.body).toMatchObject({ amount: '90.00', undoneAt: expect.any(String) });
    expect((await ask('reverseReceipt', { id })).body).toMatchObject({
      status: 'reversed',
      unapplied: '0.00',
    });
    expect((await ask('listReceipts', { query: { entityId: books.entity.id } })).body).toMatchObject({
      total: 1,
    });
  });

  test('an invoice is disputed, credited, written off, and listed by that', async () => {
    const id = await invoiceOf(5_000n);
    const body = { disputed: true, reason: 'Not delivered' };
    expect((await ask('setDispute', { id, body })).body).toMatchObject({
      dispute: { reason: 'Not delivered' },
    });
    expect((await ask('listDocuments', { query: { disputed: 'true' } })).body).toMatchObject({ total: 1 });
    const above = await ask('creditInvoice', { id, body: { amount: '50.01' } });
    expect(above).toMatchObject({ status: 422, body: { code: 'exceeds_creditable' } });
    const note = await ask('creditInvoice', { id, body: { amount: '20.00', apply: true } });
    expect(note).toMatchObject({
      status: 201,
      body: { kind: 'credit_note', number: 'CN-000001', status: 'credited', creditsDocumentId: id },
    });
    expect((await ask('getCreditable', { id })).body).toMatchObject({ left: '30.00' });
    const written = await ask('writeOffInvoice', { id, body: { reason: 'Insolvent' } });
    expect(written.body).toMatchObject({ status: 'written_off', openAmount: '0.00' });
    expect((await ask('listDocuments', { query: { kind: 'credit_note' } })).body).toMatchObject({ total: 1 });
  });

  test('a free credit note is drafted, posted and paid out', async () => {
    const body = {
      entityId: books.entity.id,
      customerId: books.customerId,
      currency: 'USD',
      description: 'Goodwill',
      lines: [{ description: 'Rebate', amount: '12.00' }],
    };
    const draft = await ask('createCreditNote', { body });
    expect(draft).toMatchObject({ status: 201, body: { status: 'draft', total: '12.00' } });
    const id = String(draft.body['id']);
    expect((await ask('refundCreditNote', { id, body: {} })).body).toMatchObject({ code: 'not_open' });
    await ask('postDocuments', { body: { ids: [id] } });
    expect((await ask('refundCreditNote', { id, body: {} })).body).toMatchObject({ openAmount: '0.00' });
  });

  test('another organization reaches none of it', async () => {
    const id = await invoiceOf(100n);
    const made = await ask('createReceipt', { body: payment('1.00') });
    const key = fixture.otherKey;
    const receipt = String(made.body['id']);
    const refusals = [
      await ask('getReceipt', { id: receipt, key }),
      await ask('reverseReceipt', { id: receipt, key }),
      await ask('refundReceipt', { id: receipt, key, body: {} }),
      await ask('createReceipt', { body: payment('1.00'), key }),
      await ask('creditInvoice', { id, key, body: {} }),
      await ask('writeOffInvoice', { id, key, body: { reason: 'x' } }),
      await ask('setDispute', { id, key, body: { disputed: true, reason: 'x' } }),
      await ask('undoSettlement', { id, key }),
    ];
    for (const { status, body } of refusals) expect([status, body['code']]).toEqual([404, 'not_found']);
    expect((await ask('listReceipts', { key })).body).toMatchObject({ data: [], total: 0 });
  });
});
