import { assert } from '../../kernel/assert.ts';
import type { CalendarDate } from '../../kernel/dates.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { type AuditContext, appendAuditEntries } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { groupBy } from '../group-by.ts';
import { findEntries, insertJournalEntries, type NewJournalEntry, reversalOf } from '../journal-store.ts';
import { lastOfMonth } from '../../kernel/months.ts';
import { netContracts } from './net-contracts.ts';
import { recognitionLines } from './position.ts';
import { lockContracts, readContractPositions, refreshCompletion } from './positions-store.ts';
import {
  type DuePart,
  insertRecognitionLines,
  insertRun,
  lockRun,
  markRunUndone,
  readDueParts,
} from './recognition-store.ts';

export interface RunRequest {
  readonly entityId: string;
  /** First day of the month. What earlier months left is recognised with it. */
  readonly period: CalendarDate;
  /** The day of the entries; absent: the last of the month. A later one takes revenue of a closed month into an open one. */
  readonly date?: CalendarDate;
}

/**
 * Recognises what the schedules have for a month and before it: one entry a contract. Repeating it recognises nothing twice.
 * Returns the id of the run, or null when nothing was due. Errors: `invalid_request` (the day lies before the month's last),
 * and those of `insertJournalEntries`: in a closed period nothing at all is recognised.
 */
export async function postRecognitionRun(
  tx: Transaction,
  request: RunRequest,
  context: AuditContext,
): Promise<string | null> {
  const { entityId, period } = request;
  const date = request.date ?? lastOfMonth(period);
  if (date < lastOfMonth(period)) {
    const message = `Revenue of the month is dated ${lastOfMonth(period)} or later.`;
    throw new TributaryError('invalid_request', message, { fields: [{ field: 'date', message }] });
  }
  const seen = await readDueParts(tx, entityId, period);
  await lockContracts(tx, [...new Set(seen.map(({ contractId }) => contractId))]);
  // Read again under the locks: another run may have recognised some of it meanwhile.
  const locked = new Set(seen.map(({ contractId }) => contractId));
  const due = (await readDueParts(tx, entityId, period)).filter(({ contractId }) => locked.has(contractId));
  if (due.length === 0) return null;
  const byContract = groupBy(due, ({ contractId }) => contractId);
  const positions = await readContractPositions(tx, [...byContract.keys()]);
  const entries: NewJournalEntry[] = positions.map((position) => ({
    id: newId(),
    entityId,
    date,
    kind: 'recognition',
    description: `Revenue of ${period.slice(0, 7)}`,
    documentId: position.contractId,
    reversesEntryId: null,
    lines: recognitionLines(position, revenuesOf(byContract.get(position.contractId) ?? [])),
  }));
  await insertJournalEntries(tx, context, entries);
  const entryIds = new Map(entries.map(({ id, documentId }) => [documentId, id]));
  const runId = newId();
  await insertRun(tx, context, { id: runId, entityId, period, date });
  await insertRecognitionLines(
    tx,
    context.organizationId,
    runId,
    due.map((part) => {
      const entryId = entryIds.get(part.contractId);
      assert(entryId !== undefined, 'every contract with something due has its entry');
      return { ...part, entryId };
    }),
  );
  await refreshCompletion(tx, [...byContract.keys()], context.actor);
  await appendAuditEntries(tx, context, [
    {
      action: 'recognition_run.posted',
      subjectType: 'recognition_run',
      subjectId: runId,
      after: { entityId, period, date, contracts: entries.length, parts: due.length },
    },
  ]);
  return runId;
}

/** By account, and corrections by themselves: an entry has one line for each, also where they cancel out. */
function revenuesOf(parts: readonly DuePart[]): { accountId: string; amountMinor: bigint }[] {
  const bySide = groupBy(parts, ({ incomeAccountId, amountMinor }) =>
    amountMinor < 0n ? `${incomeAccountId} corrected` : incomeAccountId,
  );
  return [...bySide.values()].map((own) => ({
    accountId: own[0]?.incomeAccountId ?? '',
    amountMinor: own.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
  }));
}

/**
 * Undoes a run: each entry is reversed on its own day (or a later one that is given), and what it recognised is due again. Errors:
 * `not_found`, `conflict` (undone already), `invalid_request` (the day lies before the run's).
 */
export async function undoRecognitionRun(
  tx: Transaction,
  runId: string,
  context: AuditContext,
  date?: CalendarDate,
): Promise<void> {
  const run = await lockRun(tx, runId);
  if (!run) throw new TributaryError('not_found', 'There is no such recognition run.');
  if (run.undone) throw new TributaryError('conflict', 'The recognition run is undone already.');
  const entries = await findEntries(tx, run.entryIds);
  const contractIds = entries.map(({ documentId }) => documentId ?? '');
  await lockContracts(tx, contractIds);
  const late = entries.find((entry) => date !== undefined && date < entry.date);
  if (late) {
    const message = `The reversal cannot be dated before ${late.date}, the day of the run.`;
    throw new TributaryError('invalid_request', message, { fields: [{ field: 'date', message }] });
  }
  const reversals = entries.map((entry) => reversalOf(entry, newId(), date ?? entry.date));
  await insertJournalEntries(tx, context, reversals);
  await markRunUndone(tx, runId, context.actor);
  await netContracts(tx, new Map(reversals.map((entry) => [entry.documentId ?? '', entry.date])), context);
  await appendAuditEntries(tx, context, [
    {
      action: 'recognition_run.undone',
      subjectType: 'recognition_run',
      subjectId: runId,
      after: { entries: entries.length, date: date ?? null },
    },
  ]);
}
