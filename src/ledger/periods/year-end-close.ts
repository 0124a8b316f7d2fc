import { assert } from '../../kernel/assert.ts';
import { dateInZone } from '../../kernel/dates.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { Warning } from '../../model/warning.ts';
import { type AuditContext, appendAuditEntries } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { resolveAccountRoles } from '../account-roles-store.ts';
import type { Account } from '../accounts-store.ts';
import { getEntity } from '../entities.ts';
import type { Entity } from '../entities-store.ts';
import { findEntry, insertJournalEntries, type NewJournalLine, reversalOf } from '../journal-store.ts';
import { closingLines } from './closing-lines.ts';
import { checkReason, shiftPeriods } from './period-status.ts';
import {
  findFiscalYear,
  type FiscalPeriod,
  type FiscalYear,
  listFiscalPeriods,
  listFiscalYears,
  lockFiscalYear,
  lockPeriodsUpTo,
  setYearClose,
} from './periods-store.ts';
import {
  countDraftsOfDays,
  listStandingClosingIds,
  listUnclosedYearIds,
  type NamedAccountNet,
  readResultNets,
} from './year-end-close-store.ts';

/** What closing a year would do, as things stand. */
export interface YearClosePreview {
  readonly year: FiscalYear;
  readonly entity: Entity;
  /** What somebody should know before; not empty: the close has to be confirmed. */
  readonly warnings: readonly Warning[];
  /** Of the income and expense accounts that are not at zero. */
  readonly nets: readonly NamedAccountNet[];
  /** The entry's lines; empty: there is nothing to close. */
  readonly lines: readonly NewJournalLine[];
  readonly retainedEarnings: Account;
  /** Profit is positive, in minor units of the base currency. */
  readonly resultMinor: bigint;
  /** Open periods up to the year's end, which are closed with it. */
  readonly openPeriods: readonly FiscalPeriod[];
}

export interface YearCloseRequest {
  readonly reason: string;
  /** The warnings of the preview were read. */
  readonly confirm?: boolean | undefined;
}

export interface YearCloseOptions {
  /** The time of the call. */
  readonly now?: Date;
}

export interface YearCloseOutcome {
  /** `unchanged`: the year was closed and nothing has come since. */
  readonly outcome: 'closed' | 'unchanged';
  /** Null: there was nothing to close. */
  readonly entryId: string | null;
}

/** Errors: `not_found`, `account_not_usable` (retained earnings). */
export async function previewYearClose(
  tx: Transaction,
  yearId: string,
  options: YearCloseOptions = {},
): Promise<YearClosePreview> {
  const year = await findFiscalYear(tx, yearId);
  if (!year) throw new TributaryError('not_found', 'There is no such fiscal year.');
  const periods = await listFiscalPeriods(tx, year.entityId);
  return preparedClose(
    tx,
    year,
    periods.filter(({ startDate }) => startDate <= year.endDate),
    options,
  );
}

/**
 * Closes a year: income and expense go to retained earnings by an entry dated its last day, and every open period up to then is closed.
 * What stands on the accounts is all that counts, so that a second close writes the difference, or nothing. It waits for the
 * entries that are under way. Errors: those of the preview, `invalid_request` (no reason), `confirmation_required` (warnings),
 * `locked_period` (its last period is locked).
 */
export async function closeFiscalYear(
  tx: Transaction,
  yearId: string,
  request: YearCloseRequest,
  context: AuditContext,
  options: YearCloseOptions = {},
): Promise<YearCloseOutcome> {
  const reason = checkReason(request.reason);
  const year = await mustLockYear(tx, yearId);
  const periods = await lockPeriodsUpTo(tx, year.entityId, year.endDate);
  const close = await preparedClose(tx, year, periods, options);
  const isClosed = year.closedAt !== null;
  if (isClosed && close.lines.length === 0 && close.openPeriods.length === 0) {
    return { outcome: 'unchanged', entryId: null };
  }
  if (close.warnings.length > 0 && request.confirm !== true) {
    throw new TributaryError(
      'confirmation_required',
      close.warnings.map(({ message }) => message).join(' '),
      { fields: close.warnings.map(({ code, message }) => ({ field: code, message })) },
    );
  }
  const entryId = await insertClosing(tx, close, context);
  await shiftPeriods(tx, close.openPeriods, 'closed', reason, context);
  await setYearClose(tx, year.id, { actor: context.actor, reason });
  await appendAuditEntries(tx, context, [
    {
      action: 'fiscal_year.closed',
      subjectType: 'fiscal_year',
      subjectId: year.id,
      before: { year: year.name, closedAt: year.closedAt },
      after: { year: year.name, reason, entryId },
    },
  ]);
  return { outcome: 'closed', entryId };
}

/**
 * Takes a year-end close back: its closing entries are reversed on the same day; the periods stay as they are. Returns the ids of the
 * reversals. Errors: `not_found`, `invalid_request` (no reason), `conflict` (it is not closed), `locked_period`.
 */
export async function reopenFiscalYear(
  tx: Transaction,
  yearId: string,
  request: { readonly reason: string },
  context: AuditContext,
): Promise<string[]> {
  const reason = checkReason(request.reason);
  const year = await mustLockYear(tx, yearId);
  if (year.closedAt === null) throw new TributaryError('conflict', `The year ${year.name} is not closed.`);
  const scope = { organizationId: context.organizationId, entityId: year.entityId };
  const reversals = [];
  for (const id of await listStandingClosingIds(tx, year)) {
    const entry = await findEntry(tx, scope, id);
    assert(entry, 'a closing entry that was listed is there');
    reversals.push(reversalOf(entry, newId(), year.endDate));
  }
  await insertJournalEntries(tx, context, reversals);
  await setYearClose(tx, year.id, null);
  const entryIds = reversals.map(({ id }) => id);
  await appendAuditEntries(tx, context, [
    {
      action: 'fiscal_year.reopened',
      subjectType: 'fiscal_year',
      subjectId: year.id,
      before: { year: year.name, closedAt: year.closedAt, closedBy: year.closedBy, reason: year.closeReason },
      after: { year: year.name, reason, entryIds },
    },
  ]);
  return entryIds;
}

async function mustLockYear(tx: Transaction, yearId: string): Promise<FiscalYear> {
  const year = await lockFiscalYear(tx, yearId);
  if (!year) throw new TributaryError('not_found', 'There is no such fiscal year.');
  return year;
}

/** `periods`: those of the entity up to the end of the year. */
async function preparedClose(
  tx: Transaction,
  year: FiscalYear,
  periods: readonly FiscalPeriod[],
  options: YearCloseOptions,
): Promise<YearClosePreview> {
  const entity = await getEntity(tx, year.entityId);
  const [role] = await resolveAccountRoles(tx, year.entityId, ['retained_earnings']);
  if (!role?.account || role.problem !== null) {
    throw new TributaryError('account_not_usable', `Retained earnings: ${role?.problem ?? ''}`);
  }
  const nets = await readResultNets(tx, year);
  return {
    year,
    entity,
    warnings: await warningsOf(tx, year, dateInZone(options.now ?? new Date(), entity.timeZone)),
    nets,
    lines: closingLines(nets, role.account.id),
    retainedEarnings: role.account,
    resultMinor: -nets.reduce((sum, { baseMinor }) => sum + baseMinor, 0n),
    openPeriods: periods.filter(({ status }) => status === 'open'),
  };
}

async function warningsOf(tx: Transaction, year: FiscalYear, today: string): Promise<Warning[]> {
  const warnings: Warning[] = [];
  if (today <= year.endDate) {
    warnings.push({ code: 'year_not_over', message: `The year ends on ${year.endDate}; it is not over.` });
  }
  const drafts = await countDraftsOfDays(tx, year);
  if (drafts > 0) {
    const are = drafts === 1 ? '1 draft is' : `${drafts} drafts are`;
    warnings.push({ code: 'drafts', message: `${are} dated in the year and could not be posted any more.` });
  }
  const unclosed = new Set(await listUnclosedYearIds(tx, year.entityId));
  const earlier = (await listFiscalYears(tx, year.entityId))
    .filter(({ id, startDate }) => startDate < year.startDate && unclosed.has(id))
    .map(({ name }) => name)
    .toReversed();
  if (earlier.length > 0) {
    const are =
      earlier.length === 1 ? `The year ${earlier[0] ?? ''} is` : `The years ${earlier.join(', ')} are`;
    warnings.push({
      code: 'earlier_years',
      message: `${are} not closed: income and expenses of then stay where they are.`,
    });
  }
  return warnings;
}

async function insertClosing(
  tx: Transaction,
  { year, lines }: YearClosePreview,
  context: AuditContext,
): Promise<string | null> {
  if (lines.length === 0) return null;
  const id = newId();
  await insertJournalEntries(tx, context, [
    {
      id,
      entityId: year.entityId,
      date: year.endDate,
      kind: 'closing',
      description: `Year-end close ${year.name}`,
      documentId: null,
      reversesEntryId: null,
      lines,
    },
  ]);
  return id;
}
