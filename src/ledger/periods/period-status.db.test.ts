import { beforeAll, beforeEach, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores, whereParallel } from '../../../test/support/database.ts';
import type { CalendarDate } from '../../kernel/dates.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { insertDraftDocuments } from '../document-drafts-store.ts';
import { getDocument } from '../documents-store.ts';
import { listJournal } from '../journal-list-store.ts';
import { type ManualEntryRequest, postManualEntry } from '../manual-entry.ts';
import { postDocuments } from '../posting.ts';
import { reverseDocuments } from '../reversal.ts';
import { openSampleBooks, type SampleBooks, sampleDraft, sampleDraftRow } from '../sample-books.ts';
import { addFiscalYear } from './fiscal-years.ts';
import { changePeriodStatus, type PeriodChange } from './period-status.ts';
import { findFiscalReach, listFiscalPeriods, listFiscalYears } from './periods-store.ts';

const date = (text: string) => text as CalendarDate;

describeOnBothStores('Fiscal periods', (open, kind) => {
  let database: Database;
  let books: SampleBooks;
  let organizationId: string;

  beforeAll(async () => {
    database = await open();
    organizationId = await createOrganization(database);
  });
  // Its first month is January 2026, so that closing in order is a matter of a few months.
  beforeEach(async () => {
    books = await openSampleBooks(database, organizationId, { booksFrom: date('2026-01-01') });
  });

  const inBooks = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.withOrganization(organizationId, work);
  const periodNamed = async (tx: Transaction, name: string) => {
    const period = (await listFiscalPeriods(tx, books.entity.id)).find((one) => one.name === name);
    return period?.id ?? '';
  };
  const change = (name: string, to: PeriodChange) =>
    inBooks(async (tx) => changePeriodStatus(tx, await periodNamed(tx, name), to, books.context));
  const addDraft = async (tx: Transaction, day: string): Promise<string> => {
    const row = sampleDraftRow(books, sampleDraft(books, [100n], { documentDate: date(day) }));
    await insertDraftDocuments(tx, books.scope, [row]);
    return row.id;
  };
  const manual = (day: string, more: Partial<ManualEntryRequest> = {}) =>
    inBooks((tx) =>
      postManualEntry(
        tx,
        books.entity.id,
        {
          date: day,
          description: 'Accrual',
          lines: [
            { account: '6000', debit: '5.00' },
            { account: '2000', credit: '5.00' },
          ],
          ...more,
        },
        books.context,
      ),
    );
  const statuses = async (count: number) =>
    (await inBooks((tx) => listFiscalPeriods(tx, books.entity.id)))
      .slice(0, count)
      .map(({ status }) => status);

  test('close in order: an earlier open one is named, and closed with the later one only when that is said', async () => {
    const closing = { status: 'closed', reason: 'Month end' } as const;
    await expect(change('March 2026', closing)).rejects.toMatchObject({
      code: 'confirmation_required',
      detail: '2 earlier periods are not closed, from January 2026 to February 2026.',
    });
    expect(await statuses(4)).toEqual(['open', 'open', 'open', 'open']);
    const changed = await change('March 2026', { ...closing, closeEarlier: true });
    expect(
      changed.map(({ name, status, statusBy, statusReason }) => [name, status, statusBy, statusReason]),
    ).toEqual([
      ['January 2026', 'closed', 'user:test', 'Month end'],
      ['February 2026', 'closed', 'user:test', 'Month end'],
      ['March 2026', 'closed', 'user:test', 'Month end'],
    ]);
    await expect(change('March 2026', closing)).rejects.toMatchObject({ code: 'conflict' });
    await expect(change('April 2026', { ...closing, reason: ' ' })).rejects.toMatchObject({
      code: 'invalid_request',
      fields: [{ field: 'reason' }],
    });
    expect(await statuses(4)).toEqual(['closed', 'closed', 'closed', 'open']);
  });

  test('keep who opened one again and why, before and after', async () => {
    await change('January 2026', { status: 'locked', reason: 'Filed' });
    await change('January 2026', { status: 'open', reason: 'A bill came late' });
    const audit = await inBooks(async (tx) =>
      tx.query(
        `SELECT action, before, after FROM audit_entries WHERE subject_type = 'fiscal_period' AND subject_id = $1 ORDER BY id`,
        [await periodNamed(tx, 'January 2026')],
      ),
    );
    expect(audit).toEqual([
      {
        action: 'fiscal_period.locked',
        before: { period: 'January 2026', status: 'open', reason: null },
        after: { period: 'January 2026', status: 'locked', reason: 'Filed' },
      },
      {
        action: 'fiscal_period.reopened',
        before: { period: 'January 2026', status: 'locked', reason: 'Filed' },
        after: { period: 'January 2026', status: 'open', reason: 'A bill came late' },
      },
    ]);
  });

  test('take what they may: adjusting entries while closed, nothing while locked', async () => {
    await change('January 2026', { status: 'closed', reason: 'Month end' });
    await expect(manual('2026-01-31')).rejects.toMatchObject({
      code: 'locked_period',
      detail: expect.stringMatching(
        /^2026-01-31 lies in January 2026, which test closed on \d{4}-\d\d-\d\d \(Month end\)\.$/,
      ),
    });
    await manual('2026-01-31', { adjusting: true });
    await change('January 2026', { status: 'locked', reason: 'Filed' });
    await expect(manual('2026-01-31', { adjusting: true })).rejects.toMatchObject({ code: 'locked_period' });
    const { data } = await inBooks((tx) => listJournal(tx, { entityId: books.entity.id }));
    expect(data).toHaveLength(2);
  });

  test('refuse a draft by itself: the others of the batch are posted, and of it nothing is written', async () => {
    await change('January 2026', { status: 'closed', reason: 'Month end' });
    const { outcomes, refused, journal } = await inBooks(async (tx) => {
      const ids = [
        await addDraft(tx, '2026-02-01'),
        await addDraft(tx, '2026-01-31'),
        await addDraft(tx, '2009-05-01'),
        await addDraft(tx, '2026-02-02'),
      ];
      const posted = await postDocuments(tx, ids, books.context);
      return {
        outcomes: posted,
        refused: await getDocument(tx, ids[1] ?? ''),
        journal: await listJournal(tx, { entityId: books.entity.id }),
      };
    });
    expect(
      outcomes.map((outcome) => (outcome.outcome === 'failed' ? outcome.error.code : outcome.number)),
    ).toEqual(['INV-000001', 'locked_period', 'unknown_period', 'INV-000002']);
    expect(refused).toMatchObject({ status: 'draft', number: null });
    expect(journal.data).toHaveLength(4);
  });

  test('refuse a reversal by itself, and leave the invoice posted', async () => {
    const outcomes = await inBooks(async (tx) => {
      const ids = [await addDraft(tx, '2026-01-10'), await addDraft(tx, '2026-02-10')];
      await postDocuments(tx, ids, books.context);
      await changePeriodStatus(
        tx,
        await periodNamed(tx, 'January 2026'),
        { status: 'closed', reason: 'Month end' },
        books.context,
      );
      const early = await reverseDocuments(tx, ids.slice(0, 1), books.context, { date: date('2026-01-31') });
      const both = await reverseDocuments(tx, ids, books.context, { date: date('2026-02-28') });
      return [...early, ...both].map((one) => (one.outcome === 'failed' ? one.error.code : one.outcome));
    });
    expect(outcomes).toEqual(['locked_period', 'reversed', 'reversed']);
  });

  test('make the year after the last one when a day falls in it, and no year further away', async () => {
    const reach = await inBooks((tx) => findFiscalReach(tx, books.entity.id));
    const lastYear = Number(reach?.lastDay.slice(0, 4));
    await manual(`${lastYear + 1}-06-30`);
    await expect(manual(`${lastYear + 3}-06-30`)).rejects.toMatchObject({
      code: 'unknown_period',
      detail: `The day is ${lastYear + 3}-06-30.`,
    });
    await expect(manual('2025-12-31')).rejects.toMatchObject({ code: 'unknown_period' });
    const added = await inBooks((tx) => addFiscalYear(tx, books.scope, 'earlier', books.context));
    expect(added).toMatchObject({ name: '2025', startDate: '2025-01-01', endDate: '2025-12-31' });
    await manual('2025-12-31');
    const years = await inBooks((tx) => listFiscalYears(tx, books.entity.id));
    expect(years.map(({ name }) => name)).toContain(String(lastYear + 1));
    expect(years.map(({ name }) => name)).not.toContain(String(lastYear + 2));
  });

  whereParallel(kind, () => {
    test('are closed after the posting that is under way, and the posting after that is refused', async () => {
      const first = await inBooks((tx) => addDraft(tx, '2026-01-10'));
      const second = await inBooks((tx) => addDraft(tx, '2026-01-11'));
      let finish: () => void = () => undefined;
      const held = new Promise<void>((resolve) => {
        finish = resolve;
      });
      let hasPosted: () => void = () => undefined;
      const posted = new Promise<void>((resolve) => {
        hasPosted = resolve;
      });
      const order: string[] = [];
      const posting = inBooks(async (tx) => {
        const outcomes = await postDocuments(tx, [first], books.context);
        hasPosted();
        await held;
        order.push('posted');
        return outcomes;
      });
      await posted;
      const locking = change('January 2026', { status: 'locked', reason: 'Filed' }).then((periods) => {
        order.push('locked');
        return periods;
      });
      const late = waitUntilWaiting(database)
        .finally(() => finish())
        .then(() => inBooks((tx) => postDocuments(tx, [second], books.context)));
      expect(await posting).toMatchObject([{ outcome: 'posted' }]);
      expect(await locking).toHaveLength(1);
      expect(order).toEqual(['posted', 'locked']);
      expect(await late).toMatchObject([{ outcome: 'failed', error: { code: 'locked_period' } }]);
    });

    test('are locked or posted into, never both, by many at once', async () => {
      const ids = await inBooks(async (tx) => {
        const all = [];
        for (let place = 0; place < 12; place += 1) all.push(await addDraft(tx, '2026-01-10'));
        return all;
      });
      const locking = change('January 2026', { status: 'locked', reason: 'Filed' });
      const outcomes = await Promise.all(
        ids.map(async (id) => (await inBooks((tx) => postDocuments(tx, [id], books.context)))[0]),
      );
      await locking;
      const codes = outcomes.flatMap((outcome) =>
        outcome?.outcome === 'failed' ? [outcome.error.code] : [],
      );
      expect(new Set([...codes, 'locked_period'])).toEqual(new Set(['locked_period']));
      const filter = { entityId: books.entity.id };
      const entries = await inBooks((tx) => listJournal(tx, filter, { limit: 200, after: null }));
      expect(entries.data).toHaveLength(2 * (ids.length - codes.length));
      const again = await inBooks((tx) => postDocuments(tx, ids, books.context));
      expect(again.every((outcome) => outcome.outcome === 'failed')).toBe(true);
    });
  });
});

/** Until some session of this database waits for another one's lock. */
async function waitUntilWaiting(database: Database): Promise<void> {
  // Many times what it takes: should nobody ever wait, the test fails instead of going on for ever.
  for (let attempt = 0; attempt < 5_000; attempt += 1) {
    const waiting = await database.withSystem((tx) =>
      tx.query(
        `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      ),
    );
    if (waiting.length > 0) return;
  }
  throw new Error('Nobody waits for the posting that is under way');
}
