import { beforeEach, expect, test } from 'vitest';
import { addDays, type CalendarDate } from '../../src/kernel/dates.ts';
import { postDocuments } from '../../src/ledger/posting.ts';
import { changePeriodStatus } from '../../src/ledger/periods/period-status.ts';
import {
  type FiscalPeriod,
  listFiscalPeriods,
  type PeriodStatus,
} from '../../src/ledger/periods/periods-store.ts';
import type { Transaction } from '../../src/platform/database/database.ts';
import { describeOnBothStores, whereParallel } from '../support/database.ts';
import { openSyncWorld, storyOf, type SyncWorld } from '../support/sync-world.ts';

describeOnBothStores('A sync into closed periods', (open, kind) => {
  let world: SyncWorld;

  beforeEach(async () => {
    world = await openSyncWorld(await open());
    return () => world.close();
  });

  const { records, update, healthy } = storyOf(() => world);
  const inBooks = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    world.database.withOrganization(world.caller.organizationId, work);
  const configure = (set: Record<string, unknown>) =>
    world.operations.changeConfiguration(world.caller, {
      params: { id: world.connectionId },
      query: undefined,
      body: { set },
    });
  const periodOf = async (tx: Transaction, entityId: string, day: string): Promise<FiscalPeriod> => {
    const periods = await listFiscalPeriods(tx, entityId);
    const found = periods.find(({ startDate, endDate }) => startDate <= day && day <= endDate);
    if (!found) throw new Error(`No period has ${day}`);
    return found;
  };
  /** Sets the month of the day and those before it; returns the month. */
  const setMonths = async (day: string, status: PeriodStatus): Promise<FiscalPeriod> => {
    const { connections } = world.dependencies;
    const { entityId } = await connections.load(world.caller.organizationId, world.connectionId);
    return inBooks(async (tx) => {
      const period = await periodOf(tx, entityId, day);
      const change = { status, reason: 'Month end', closeEarlier: true };
      await changePeriodStatus(tx, period.id, change, world.caller);
      return period;
    });
  };
  const post = (id: string) => inBooks((tx) => postDocuments(tx, [id], world.caller));
  /** The healthy deal's document as a sync of open months makes it, by which its days are known. */
  const previewed = async (dealId: string) => {
    const record = (await records(await world.preview())).get(dealId);
    const { documentDate = '', dueDate = '' } = record?.document ?? {};
    return { documentDate: documentDate as CalendarDate, dueDate: dueDate as CalendarDate };
  };

  test('fails the deals that are dated there, alone, and makes them once the month is open', async () => {
    const deal = healthy();
    const { documentDate } = await previewed(deal.id);
    const period = await setMonths(documentDate, 'locked');
    const run = await world.sync();
    const decided = await records(run);
    expect(decided.get(deal.id)).toMatchObject({
      outcome: 'failed',
      code: 'locked_period',
      reason: `The document date ${documentDate} lies in a closed period.`,
      documentId: null,
    });
    const documents = await world.documents();
    expect(documents.has(deal.id)).toBe(false);
    const dates = [...documents.values()].map((document) => document.documentDate);
    expect(dates.filter((day) => day <= period.endDate)).toEqual([]);
    expect(dates.length).toBeGreaterThan(0);
    const locked = [...decided.values()].filter(({ code }) => code === 'locked_period');
    expect(dates.length + locked.length).toBe(29);

    await setMonths(documentDate, 'open');
    const again = await world.sync();
    expect((await records(again)).get(deal.id)).toMatchObject({ outcome: 'created', code: null });
    expect((await world.documents()).get(deal.id)).toMatchObject({ documentDate, warnings: [] });
  });

  test('dates documents on the first open day where the settings say so, and lets them stand', async () => {
    const deal = healthy();
    const { documentDate, dueDate } = await previewed(deal.id);
    const period = await setMonths(documentDate, 'closed');
    await configure({ lockedPeriod: 'first_open_date' });
    const shown = (await records(await world.preview())).get(deal.id);
    await world.sync();
    const firstOpen = addDays(period.endDate, 1);
    const document = (await world.documents()).get(deal.id);
    expect(document).toMatchObject({
      documentDate: firstOpen,
      status: 'draft',
      warnings: [
        {
          code: 'date_moved',
          message: `The deal’s date, ${documentDate}, lies in a closed period; the document is dated ${firstOpen}, the first open day after it.`,
        },
      ],
    });
    const terms = Date.parse(dueDate) - Date.parse(documentDate);
    expect(Date.parse(document?.dueDate ?? '') - Date.parse(firstOpen)).toBe(terms);
    expect(shown?.document).toMatchObject({ documentDate: firstOpen });

    // Another setting plans every deal again: what was moved stands, also when the month is opened, or the next one closed.
    await setMonths(documentDate, 'open');
    await configure({ 'deals.minimumAmount': '0.01' });
    expect((await world.sync()).counts).toMatchObject({ created: 0, updated: 0 });
    expect(await post(document?.id ?? '')).toMatchObject([{ outcome: 'posted' }]);
    await setMonths(firstOpen, 'closed');
    update('deals', deal.id, { dealtype: 'existingbusiness' });
    const later = await world.sync();
    expect((await records(later)).get(deal.id)).toMatchObject({ outcome: 'unchanged' });
    expect((await world.documents()).get(deal.id)).toMatchObject({
      documentDate: firstOpen,
      number: 'INV-000001',
    });
  });

  test('leaves the draft as it is when its month is closed meanwhile: neither changed nor posted', async () => {
    const deal = healthy();
    await world.sync();
    const before = (await world.documents()).get(deal.id);
    const documentDate = before?.documentDate ?? '';
    await setMonths(documentDate, 'locked');
    expect(await post(before?.id ?? '')).toMatchObject([
      { outcome: 'failed', error: { code: 'locked_period', detail: expect.stringContaining(documentDate) } },
    ]);
    update('deals', deal.id, { dealname: 'Renamed' });
    expect((await records(await world.sync())).get(deal.id)).toMatchObject({
      outcome: 'failed',
      code: 'locked_period',
    });
    expect((await world.documents()).get(deal.id)).toEqual(before);
    expect(await inBooks((tx) => tx.query('SELECT id FROM journal_entries'))).toEqual([]);

    await configure({ lockedPeriod: 'first_open_date' });
    await world.sync();
    const moved = (await world.documents()).get(deal.id);
    expect(moved).toMatchObject({ description: 'Renamed', warnings: [{ code: 'date_moved' }] });
    expect(await post(moved?.id ?? '')).toMatchObject([{ outcome: 'posted' }]);
  });

  whereParallel(kind, () => {
    test('plans a batch again when its month is closed between the plan and the writing', async () => {
      const deal = healthy();
      const { documentDate } = await previewed(deal.id);
      const { connections } = world.dependencies;
      const { entityId } = await connections.load(world.caller.organizationId, world.connectionId);
      let start: () => void = () => undefined;
      const running = new Promise<void>((resolve) => {
        start = resolve;
      }).then(() => world.sync());
      await inBooks(async (tx) => {
        const period = await periodOf(tx, entityId, documentDate);
        const change = { status: 'closed', reason: 'Month end', closeEarlier: true } as const;
        await changePeriodStatus(tx, period.id, change, world.caller);
        // It plans on what is committed, the open month, and waits for this transaction when it is to write.
        start();
        await waitUntilBlocked(tx);
      });
      await running;
      expect((await world.documents()).has(deal.id)).toBe(false);
      const [standing] = await inBooks((tx) =>
        tx.query(
          `SELECT decision, code FROM source_records WHERE source_id = $1::text AND object_type = 'deal'`,
          [deal.id],
        ),
      );
      expect(standing).toEqual({ decision: 'fail', code: 'locked_period' });
    });
  });
});

/** Until another session waits for what this transaction holds. */
async function waitUntilBlocked(tx: Transaction): Promise<void> {
  // Many times what it takes: should nobody ever wait, the test fails instead of going on for ever.
  for (let attempt = 0; attempt < 50_000; attempt += 1) {
    const blocked = await tx.query(
      'SELECT pid FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))',
    );
    if (blocked.length > 0) return;
  }
  throw new Error('The sync does not wait for the month that is being closed');
}
