import { beforeAll, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores } from '../../../test/support/database.ts';
import type { CalendarDate } from '../../kernel/dates.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { insertDraftDocuments } from '../document-drafts-store.ts';
import { getDocument } from '../documents-store.ts';
import { listJournal } from '../journal-list-store.ts';
import { postDocuments } from '../posting.ts';
import { openSampleBooks, type SampleBooks, sampleDraft, sampleDraftRow } from '../sample-books.ts';
import { creditInvoice } from '../settlement/credit-notes.ts';
import { activateContract, type ActivationRequest } from './activation.ts';
import { billContracts } from './billing.ts';
import { readContractChanges } from './changes-store.ts';
import { type ContractModification, modifyContract, terminateContract } from './changes.ts';
import { readBillings, readContractSummaries, readObligations } from './contracts-store.ts';
import { readContractPositions } from './positions-store.ts';
import { postRecognitionRun, undoRecognitionRun } from './recognition.ts';
import { renewContract } from './renewal.ts';

const day = (text: string): CalendarDate => text as CalendarDate;
const year: ActivationRequest = {
  billing: 'up_front',
  lines: [
    { position: 1, recognition: 'monthly', serviceStart: day('2026-01-01'), serviceEnd: day('2026-12-31') },
  ],
};

describeOnBothStores('Changes of contracts', (open) => {
  let database: Database;
  let books: SampleBooks;

  beforeAll(async () => {
    database = await open();
    books = await openSampleBooks(database, await createOrganization(database));
  });

  const within = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.withOrganization(books.scope.organizationId, work);
  const activate = async (tx: Transaction, request: ActivationRequest = year, amountMinor = 120_000n) => {
    const fields = { kind: 'contract', documentDate: day('2026-01-01') } as const;
    const row = sampleDraftRow(books, sampleDraft(books, [amountMinor], fields));
    await insertDraftDocuments(tx, books.scope, [row]);
    await activateContract(tx, row.id, request, books.context);
    return row.id;
  };
  const bill = async (tx: Transaction, contractId: string, upTo = '2026-12-31') => {
    const ids = await billContracts(
      tx,
      { entityId: books.entity.id, contractId, upTo: day(upTo) },
      books.context,
    );
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
  const modify = (tx: Transaction, id: string, fields: Partial<ContractModification>) =>
    modifyContract(
      tx,
      id,
      {
        date: day('2026-07-01'),
        method: 'prospective',
        reason: 'Upgrade',
        priceChangeMinor: 0n,
        obligations: [],
        added: [],
        billing: 'spread',
        ...fields,
      },
      books.context,
    );

  test('a modification is billed, recognised from its day on, and remembered', () =>
    within(async (tx) => {
      const id = await activate(tx);
      await bill(tx, id);
      await recognise(tx, '2026-06-01');
      await modify(tx, id, {
        priceChangeMinor: 60_000n,
        added: [
          {
            description: 'Support',
            standaloneMinor: 60_000n,
            recognition: 'monthly',
            serviceStart: day('2026-07-01'),
            serviceEnd: day('2026-12-31'),
          },
        ],
      });
      await bill(tx, id);
      expect(await balance(tx, id)).toEqual({ liability: 120_000n, asset: 0n });
      await recognise(tx, '2026-07-01');
      expect(await balance(tx, id)).toEqual({ liability: 100_000n, asset: 0n });
      await recognise(tx, '2026-12-01');
      expect(await balance(tx, id)).toEqual({ liability: 0n, asset: 0n });
      expect(await getDocument(tx, id, new Date())).toMatchObject({ status: 'completed' });
      expect(await readContractChanges(tx, id)).toMatchObject([
        {
          number: 1,
          method: 'prospective',
          reason: 'Upgrade',
          priceBeforeMinor: 120_000n,
          priceAfterMinor: 180_000n,
        },
      ]);
    }));

  test('a price that goes down gives back what was recognised and billed too much', () =>
    within(async (tx) => {
      const id = await activate(tx);
      const [invoiceId = ''] = await bill(tx, id);
      await recognise(tx, '2026-06-01');
      await modify(tx, id, { method: 'catch_up', priceChangeMinor: -60_000n });
      const runId = (await recognise(tx, '2026-07-01')) ?? '';
      // Seven months of 50.00 are 350.00; 600.00 were recognised.
      expect((await listJournal(tx, { documentId: id })).data.slice(0, 2)).toMatchObject([
        { account: '2100', debit: '0.00', credit: '250.00' },
        { account: '4000', debit: '250.00', credit: '0.00' },
      ]);
      expect(await balance(tx, id)).toEqual({ liability: 85_000n, asset: 0n });
      const [creditId = ''] = await bill(tx, id);
      expect(await getDocument(tx, creditId, new Date())).toMatchObject({
        kind: 'credit_note',
        totalMinor: 60_000n,
      });
      expect(await balance(tx, id)).toEqual({ liability: 25_000n, asset: 0n });
      await undoRecognitionRun(tx, runId, books.context);
      expect(await balance(tx, id)).toEqual({ liability: 0n, asset: 0n });
      await recognise(tx, '2026-12-01');
      expect(await balance(tx, id)).toEqual({ liability: 0n, asset: 0n });
      expect(await getDocument(tx, invoiceId, new Date())).toMatchObject({ openMinor: 120_000n });
    }));

  test('a correction takes revenue ahead of billing off again before it becomes a liability', () =>
    within(async (tx) => {
      const id = await activate(tx, { ...year, billing: 'annual_arrears' });
      await recognise(tx, '2026-06-01');
      expect(await balance(tx, id)).toEqual({ liability: 0n, asset: 60_000n });
      await modify(tx, id, { method: 'catch_up', priceChangeMinor: -60_000n });
      await recognise(tx, '2026-07-01');
      expect(await balance(tx, id)).toEqual({ liability: 0n, asset: 35_000n });
      await bill(tx, id);
      await recognise(tx, '2026-12-01');
      expect(await balance(tx, id)).toEqual({ liability: 0n, asset: 0n });
    }));

  test('a termination refunds what is not earned by a credit note, and nothing more is recognised', () =>
    within(async (tx) => {
      const id = await activate(tx);
      await bill(tx, id);
      const request = {
        lastDay: day('2026-03-31'),
        reason: 'Ceased trading',
        terms: { settlement: 'refund' },
      } as const;
      await terminateContract(tx, id, request, books.context);
      await expect(terminateContract(tx, id, request, books.context)).rejects.toMatchObject({
        code: 'conflict',
      });
      await recognise(tx, '2026-12-01');
      expect(await balance(tx, id)).toEqual({ liability: 90_000n, asset: 0n });
      const [creditId = ''] = await bill(tx, id);
      expect(await getDocument(tx, creditId, new Date())).toMatchObject({
        kind: 'credit_note',
        totalMinor: 90_000n,
      });
      expect(await balance(tx, id)).toEqual({ liability: 0n, asset: 0n });
      expect(await getDocument(tx, id, new Date())).toMatchObject({ status: 'terminated' });
      expect((await readContractSummaries(tx, [id])).get(id)).toMatchObject({
        priceMinor: 30_000n,
        recognisedMinor: 30_000n,
        terminatedOn: '2026-03-31',
      });
    }));

  test('a credit note of a contract’s invoice takes back the liability, and turns what was earned into an asset', () =>
    within(async (tx) => {
      const id = await activate(tx);
      const [invoiceId = ''] = await bill(tx, id);
      await recognise(tx, '2026-01-01');
      const noteId = await creditInvoice(tx, invoiceId, { apply: true }, books.context, {
        date: day('2026-02-10'),
      });
      expect((await listJournal(tx, { documentId: noteId })).data).toEqual(
        expect.arrayContaining([expect.objectContaining({ account: '2100', debit: '1200.00' })]),
      );
      expect(await balance(tx, id)).toEqual({ liability: 0n, asset: 10_000n });
    }));

  test('a renewal is a draft of what recurs, once, and freed by deleting it', () =>
    within(async (tx) => {
      const id = await activate(tx);
      const draftId = await renewContract(tx, id, { upliftPercent: '10' }, books.context);
      await expect(renewContract(tx, id, {}, books.context)).rejects.toMatchObject({ code: 'conflict' });
      expect(await getDocument(tx, draftId, new Date())).toMatchObject({
        kind: 'contract',
        status: 'draft',
        totalMinor: 132_000n,
        documentDate: '2027-01-01',
      });
      await activateContract(tx, draftId, { billing: 'monthly_advance' }, books.context);
      expect(await readObligations(tx, draftId)).toMatchObject([
        {
          serviceStart: '2027-01-01',
          serviceEnd: '2027-12-31',
          recognition: 'monthly',
          allocatedMinor: 132_000n,
        },
      ]);
      expect(await readBillings(tx, draftId)).toHaveLength(12);
      await expect(renewContract(tx, draftId, { upliftPercent: 'ten' }, books.context)).rejects.toMatchObject(
        {
          code: 'invalid_request',
        },
      );
    }));

  test('refuses a change of a draft, and changes nothing when it refuses', () =>
    within(async (tx) => {
      const id = await activate(tx);
      const fields = { kind: 'contract', documentDate: day('2026-01-01') } as const;
      const draft = sampleDraftRow(books, sampleDraft(books, [5n], fields));
      await insertDraftDocuments(tx, books.scope, [draft]);
      await expect(modify(tx, draft.id, {})).rejects.toMatchObject({ code: 'conflict' });
      await expect(modify(tx, id, { priceChangeMinor: -120_001n })).rejects.toMatchObject({
        code: 'invalid_amount',
      });
      expect(await readContractChanges(tx, id)).toEqual([]);
      expect(await readObligations(tx, id)).toMatchObject([{ allocatedMinor: 120_000n }]);
    }));
});
