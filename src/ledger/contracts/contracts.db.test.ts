import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores } from '../../../test/support/database.ts';
import type { CalendarDate } from '../../kernel/dates.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { insertDraftDocuments } from '../document-drafts-store.ts';
import { getDocument } from '../documents-store.ts';
import { setExchangeRate } from '../exchange-rates.ts';
import { listJournal } from '../journal-list-store.ts';
import { postDocuments } from '../posting.ts';
import { reverseDocument } from '../reversal.ts';
import {
  openSampleBooks,
  type SampleBooks,
  sampleDraft,
  sampleDraftRow,
  sampleLine,
} from '../sample-books.ts';
import { activateContract, type ActivationRequest } from './activation.ts';
import { billContracts } from './billing.ts';
import { billingPlans } from './billing-plan.ts';
import { readBillings, readObligations } from './contracts-store.ts';
import { setMilestone } from './milestones.ts';
import { addMonths, firstOfMonth } from '../../kernel/months.ts';
import { readContractPositions } from './positions-store.ts';
import { postRecognitionRun, undoRecognitionRun } from './recognition.ts';
import { readRuns } from './recognition-store.ts';

const day = (text: string): CalendarDate => text as CalendarDate;
const year: ActivationRequest = {
  billing: 'up_front',
  lines: [
    { position: 1, recognition: 'monthly', serviceStart: day('2026-01-01'), serviceEnd: day('2026-12-31') },
  ],
};

describeOnBothStores('Revenue contracts', (open) => {
  let database: Database;
  let books: SampleBooks;

  beforeAll(async () => {
    database = await open();
    books = await openSampleBooks(database, await createOrganization(database));
  });

  const within = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.withOrganization(books.scope.organizationId, work);

  const addContract = async (
    tx: Transaction,
    lines: Parameters<typeof sampleDraft>[1],
    fields: Parameters<typeof sampleDraft>[2] = {},
  ): Promise<string> => {
    const draft = sampleDraft(books, lines, { kind: 'contract', documentDate: day('2026-01-01'), ...fields });
    const row = sampleDraftRow(books, draft);
    await insertDraftDocuments(tx, books.scope, [row]);
    return row.id;
  };
  const activate = async (
    tx: Transaction,
    request: ActivationRequest,
    amountMinor = 120_000n,
    fields = {},
  ) => {
    const id = await addContract(tx, [amountMinor], fields);
    await activateContract(tx, id, request, books.context);
    return id;
  };
  const bill = async (tx: Transaction, contractId: string, upTo = '2026-12-31') => {
    const scope = { entityId: books.entity.id, contractId, upTo: day(upTo) };
    const ids = await billContracts(tx, scope, books.context);
    const outcomes = await postDocuments(tx, ids, books.context);
    expect(outcomes.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    return ids;
  };
  const recognise = (tx: Transaction, period: string) =>
    postRecognitionRun(tx, { entityId: books.entity.id, period: day(period) }, books.context);
  const balance = async (tx: Transaction, id: string) => {
    const [found] = await readContractPositions(tx, [id]);
    return { liability: -(found?.deferredMinor ?? 0n), asset: found?.assetMinor ?? 0n };
  };
  const entriesOf = async (tx: Transaction, documentId: string) =>
    (await listJournal(tx, { documentId })).data.map(({ account, debit, credit }) => [
      account,
      debit,
      credit,
    ]);

  test('a year billed up front is a liability that twelve months turn into revenue, and then it is completed', () =>
    within(async (tx) => {
      const id = await activate(tx, year);
      const [invoiceId = ''] = await bill(tx, id);
      expect(await entriesOf(tx, invoiceId)).toEqual([
        ['1200', '1200.00', '0.00'],
        ['2100', '0.00', '1200.00'],
      ]);
      expect(await balance(tx, id)).toEqual({ liability: 120_000n, asset: 0n });
      await recognise(tx, '2026-01-01');
      expect(await entriesOf(tx, id)).toEqual([
        ['2100', '100.00', '0.00'],
        ['4000', '0.00', '100.00'],
      ]);
      expect(await balance(tx, id)).toEqual({ liability: 110_000n, asset: 0n });
      expect(await getDocument(tx, id, new Date())).toMatchObject({ status: 'active', number: 'CON-000001' });
      await recognise(tx, '2026-12-01');
      expect(await balance(tx, id)).toEqual({ liability: 0n, asset: 0n });
      expect(await getDocument(tx, id, new Date())).toMatchObject({ status: 'completed', openMinor: 0n });
    }));

  test('revenue ahead of billing is an asset that the invoice takes off, never a liability beside it', () =>
    within(async (tx) => {
      const id = await activate(tx, { ...year, billing: 'annual_arrears' });
      await recognise(tx, '2026-03-01');
      expect(await balance(tx, id)).toEqual({ liability: 0n, asset: 30_000n });
      const [invoiceId = ''] = await bill(tx, id);
      expect(await balance(tx, id)).toEqual({ liability: 90_000n, asset: 0n });
      await reverseDocument(tx, invoiceId, books.context, { date: day('2026-12-31') });
      expect(await balance(tx, id)).toEqual({ liability: 0n, asset: 30_000n });
      expect(await readBillings(tx, id)).toMatchObject([{ documentStatus: 'reversed' }]);
      await bill(tx, id);
      expect(await balance(tx, id)).toEqual({ liability: 90_000n, asset: 0n });
    }));

  test('a run recognises a month once, and what is undone is due again', () =>
    within(async (tx) => {
      const id = await activate(tx, year);
      await bill(tx, id);
      const runId = (await recognise(tx, '2026-02-01')) ?? '';
      expect(await recognise(tx, '2026-02-01')).toBeNull();
      expect(await balance(tx, id)).toEqual({ liability: 100_000n, asset: 0n });
      await undoRecognitionRun(tx, runId, books.context);
      expect(await balance(tx, id)).toEqual({ liability: 120_000n, asset: 0n });
      await expect(undoRecognitionRun(tx, runId, books.context)).rejects.toMatchObject({ code: 'conflict' });
      expect(await readRuns(tx, null, runId)).toMatchObject([{ undone: true }]);
      expect(await recognise(tx, '2026-02-01')).not.toBeNull();
      expect(await balance(tx, id)).toEqual({ liability: 100_000n, asset: 0n });
    }));

  test('milestones are recognised in the month in which they are reached, a discount falls on all obligations', () =>
    within(async (tx) => {
      const id = await addContract(tx, [
        sampleLine(books.itemId, 1, 60_000n, { discountMinor: 0n }),
        sampleLine(books.itemId, 2, 20_000n, { discountMinor: 20_000n }),
      ]);
      const milestones = [
        { name: 'Design', weight: 1n },
        { name: 'Acceptance', weight: 2n },
      ];
      await activateContract(
        tx,
        id,
        {
          billing: 'up_front',
          lines: [
            { position: 1, milestones },
            { position: 2, recognition: 'immediate' },
          ],
        },
        books.context,
      );
      const obligations = await readObligations(tx, id);
      expect(
        obligations.map(({ standaloneMinor, allocatedMinor }) => [standaloneMinor, allocatedMinor]),
      ).toEqual([
        [60_000n, 48_000n],
        [40_000n, 32_000n],
      ]);
      const reached = { obligation: 1, milestone: 2, reachedOn: day('2026-05-20') };
      await setMilestone(tx, id, reached, books.context);
      await recognise(tx, '2026-06-01');
      expect(
        (await readObligations(tx, id))
          .flatMap(({ schedule }) => schedule)
          .map(({ amountMinor, recognised }) => [amountMinor, recognised]),
      ).toEqual([
        [32_000n, true],
        [16_000n, false],
        [32_000n, true],
      ]);
    }));

  test('refuses what cannot be activated and changes nothing', () =>
    within(async (tx) => {
      const id = await addContract(tx, [1_000n]);
      const custom = {
        billing: 'custom' as const,
        billings: [{ date: day('2026-01-01'), amountMinor: 999n }],
      };
      await expect(activateContract(tx, id, custom, books.context)).rejects.toMatchObject({
        code: 'invalid_request',
      });
      const backwards = { ...year, lines: [{ position: 1, serviceEnd: day('2025-01-01') }] };
      await expect(activateContract(tx, id, backwards, books.context)).rejects.toMatchObject({
        code: 'invalid_request',
      });
      const invoice = sampleDraftRow(books, sampleDraft(books, [5n]));
      await insertDraftDocuments(tx, books.scope, [invoice]);
      await expect(activateContract(tx, invoice.id, year, books.context)).rejects.toMatchObject({
        code: 'invalid_request',
      });
      expect(await getDocument(tx, id, new Date())).toMatchObject({ status: 'draft', number: null });
    }));

  test('any contract ends with nothing on its accounts, its liability or asset being billed less recognised all the way', async () => {
    const plans = billingPlans.filter((plan) => plan !== 'custom');
    await within((tx) =>
      setExchangeRate(
        tx,
        books.entity.id,
        { currency: 'KWD', date: '2025-12-01', rate: '3.2571' },
        books.context,
      ),
    );
    await within((tx) =>
      setExchangeRate(
        tx,
        books.entity.id,
        { currency: 'KWD', date: '2026-03-05', rate: '3.1013' },
        books.context,
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.bigInt({ min: 1n, max: 10n ** 9n }),
        fc.constantFrom(...plans),
        fc.constantFrom('USD', 'KWD'),
        fc.integer({ min: 0, max: 5 }),
        fc.constantFrom('daily', 'monthly', 'immediate'),
        (amountMinor, billing, currency, ahead, recognition) =>
          within(async (tx) => {
            const line = {
              position: 1,
              recognition,
              serviceStart: day('2026-01-15'),
              serviceEnd: day('2026-06-30'),
            } as const;
            const id = await activate(tx, { billing, lines: [line] }, amountMinor, { currency });
            for (let month = 0; month < 6; month += 1) {
              await recognise(tx, firstOfMonth(addMonths(day('2026-01-01'), month)));
              await bill(tx, id, month < ahead ? '2026-01-31' : '2026-12-31');
              const recognised = (await readObligations(tx, id)).reduce(
                (sum, o) => sum + o.recognisedMinor,
                0n,
              );
              const billed = (await readBillings(tx, id))
                .filter(({ documentStatus }) => documentStatus === 'posted')
                .reduce((sum, b) => sum + b.amountMinor, 0n);
              const { liability, asset } = await balance(tx, id);
              expect(liability - asset).toBe(billed - recognised);
              expect([liability, asset]).toContain(0n);
            }
            const [end] = await readContractPositions(tx, [id]);
            expect(end).toMatchObject({
              deferredMinor: 0n,
              deferredBaseMinor: 0n,
              assetMinor: 0n,
              assetBaseMinor: 0n,
            });
          }),
      ),
      { numRuns: 8 },
    );
  });
});
