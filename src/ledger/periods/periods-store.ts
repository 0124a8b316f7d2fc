import type { CalendarDate } from '../../kernel/dates.ts';
import { newId } from '../../kernel/ids.ts';
import type { Transaction } from '../../platform/database/database.ts';
import type { EntityScope } from '../entity-scope.ts';
import type { PlannedYear } from './fiscal-calendar.ts';

/** open: everything; closed: closing, revaluation and adjusting entries; locked: nothing. */
export const periodStatuses = ['open', 'closed', 'locked'] as const;
export type PeriodStatus = (typeof periodStatuses)[number];

export interface FiscalPeriod {
  readonly id: string;
  readonly entityId: string;
  readonly fiscalYearId: string;
  readonly position: number;
  readonly name: string;
  readonly startDate: CalendarDate;
  readonly endDate: CalendarDate;
  readonly status: PeriodStatus;
  /** Who set the status last, when (RFC 3339) and why; null: it is as it was made. */
  readonly statusAt: string | null;
  readonly statusBy: string | null;
  readonly statusReason: string | null;
}

export interface FiscalYear {
  readonly id: string;
  readonly entityId: string;
  readonly name: string;
  readonly startDate: CalendarDate;
  readonly endDate: CalendarDate;
  /** The year-end close; null: not closed, or reopened. */
  readonly closedAt: string | null;
  readonly closedBy: string | null;
  readonly closeReason: string | null;
}

interface PeriodRow {
  readonly id: string;
  readonly entity_id: string;
  readonly fiscal_year_id: string;
  readonly position: number;
  readonly name: string;
  readonly start_date: CalendarDate;
  readonly end_date: CalendarDate;
  readonly status: PeriodStatus;
  readonly status_at: string | null;
  readonly status_by: string | null;
  readonly status_reason: string | null;
}

interface YearRow {
  readonly id: string;
  readonly entity_id: string;
  readonly name: string;
  readonly start_date: CalendarDate;
  readonly end_date: CalendarDate;
  readonly closed_at: string | null;
  readonly closed_by: string | null;
  readonly close_reason: string | null;
}

const periodColumns = `p.id, p.entity_id, p.fiscal_year_id, p.position, p.name, p.start_date, p.end_date, p.status, p.status_at,
  p.status_by, p.status_reason`;
const yearColumns =
  'y.id, y.entity_id, y.name, y.start_date, y.end_date, y.closed_at, y.closed_by, y.close_reason';

function periodFromRow(row: PeriodRow): FiscalPeriod {
  return {
    id: row.id,
    entityId: row.entity_id,
    fiscalYearId: row.fiscal_year_id,
    position: row.position,
    name: row.name,
    startDate: row.start_date,
    endDate: row.end_date,
    status: row.status,
    statusAt: row.status_at,
    statusBy: row.status_by,
    statusReason: row.status_reason,
  };
}

function yearFromRow(row: YearRow): FiscalYear {
  return {
    id: row.id,
    entityId: row.entity_id,
    name: row.name,
    startDate: row.start_date,
    endDate: row.end_date,
    closedAt: row.closed_at,
    closedBy: row.closed_by,
    closeReason: row.close_reason,
  };
}

/** Inserts years with their periods; one that begins on a day that a year begins on already is left out. Returns the new ids. */
export async function insertFiscalYears(
  tx: Transaction,
  scope: EntityScope,
  years: readonly PlannedYear[],
  actor: string,
): Promise<string[]> {
  const rows = await tx.query<{ id: string; start_date: CalendarDate }>(
    `INSERT INTO fiscal_years (organization_id, entity_id, created_by, id, name, start_date, end_date)
     SELECT $1::uuid, $2::uuid, $3::text, r.id, r.name, r.start_date, r.end_date
     FROM unnest($4::uuid[], $5::text[], $6::date[], $7::date[]) AS r (id, name, start_date, end_date)
     ON CONFLICT (entity_id, start_date) DO NOTHING
     RETURNING id, start_date`,
    [
      scope.organizationId,
      scope.entityId,
      actor,
      years.map(() => newId()),
      years.map((year) => year.name),
      years.map((year) => year.startDate),
      years.map((year) => year.endDate),
    ],
  );
  const idByStart = new Map(rows.map((row) => [row.start_date, row.id]));
  const periods = years.flatMap((year) => {
    const yearId = idByStart.get(year.startDate);
    return yearId === undefined ? [] : year.periods.map((period) => ({ ...period, yearId }));
  });
  await tx.execute(
    `INSERT INTO fiscal_periods (organization_id, entity_id, id, fiscal_year_id, position, name, start_date, end_date)
     SELECT $1::uuid, $2::uuid, r.id, r.fiscal_year_id, r.position, r.name, r.start_date, r.end_date
     FROM unnest($3::uuid[], $4::uuid[], $5::integer[], $6::text[], $7::date[], $8::date[])
       AS r (id, fiscal_year_id, position, name, start_date, end_date)`,
    [
      scope.organizationId,
      scope.entityId,
      periods.map(() => newId()),
      periods.map((period) => period.yearId),
      periods.map((period) => period.position),
      periods.map((period) => period.name),
      periods.map((period) => period.startDate),
      periods.map((period) => period.endDate),
    ],
  );
  return rows.map((row) => row.id);
}

/** Every year of the entity goes, with its periods; the database refuses it once something stands in one. */
export async function deleteFiscalYears(tx: Transaction, entityId: string): Promise<void> {
  await tx.execute('DELETE FROM fiscal_years y WHERE y.entity_id = $1::uuid', [entityId]);
}

/** The years of an entity, the latest first. Some tens: there is no page. */
export async function listFiscalYears(tx: Transaction, entityId: string): Promise<FiscalYear[]> {
  const rows = await tx.query<YearRow>(
    `SELECT ${yearColumns} FROM fiscal_years y WHERE y.entity_id = $1::uuid ORDER BY y.start_date DESC`,
    [entityId],
  );
  return rows.map(yearFromRow);
}

export async function findFiscalYear(tx: Transaction, yearId: string): Promise<FiscalYear | null> {
  const [row] = await tx.query<YearRow>(`SELECT ${yearColumns} FROM fiscal_years y WHERE y.id = $1::uuid`, [
    yearId,
  ]);
  return row ? yearFromRow(row) : null;
}

/** The same, held until the transaction ends: closing and reopening of a year come one after the other. */
export async function lockFiscalYear(tx: Transaction, yearId: string): Promise<FiscalYear | null> {
  const [row] = await tx.query<YearRow>(
    `SELECT ${yearColumns} FROM fiscal_years y WHERE y.id = $1::uuid FOR UPDATE`,
    [yearId],
  );
  return row ? yearFromRow(row) : null;
}

/** The first and the last day that the years of the entity have; null: it has no year. */
export async function findFiscalReach(
  tx: Transaction,
  entityId: string,
): Promise<{ readonly firstDay: CalendarDate; readonly lastDay: CalendarDate } | null> {
  const [row] = await tx.query<{ first_day: CalendarDate | null; last_day: CalendarDate | null }>(
    `SELECT min(y.start_date) AS first_day, max(y.end_date) AS last_day
     FROM fiscal_years y WHERE y.entity_id = $1::uuid`,
    [entityId],
  );
  return row?.first_day && row.last_day ? { firstDay: row.first_day, lastDay: row.last_day } : null;
}

/** The periods of an entity by day. */
export async function listFiscalPeriods(tx: Transaction, entityId: string): Promise<FiscalPeriod[]> {
  const rows = await tx.query<PeriodRow>(
    `SELECT ${periodColumns} FROM fiscal_periods p WHERE p.entity_id = $1::uuid ORDER BY p.start_date`,
    [entityId],
  );
  return rows.map(periodFromRow);
}

export async function findFiscalPeriod(tx: Transaction, periodId: string): Promise<FiscalPeriod | null> {
  const [row] = await tx.query<PeriodRow>(
    `SELECT ${periodColumns} FROM fiscal_periods p WHERE p.id = $1::uuid`,
    [periodId],
  );
  return row ? periodFromRow(row) : null;
}

/**
 * The periods that these days lie in, held FOR SHARE in one order until the transaction ends: nobody closes them meanwhile, and
 * whoever is closing one is waited for. Days in no period are left out.
 */
export async function holdPeriodsOfDays(
  tx: Transaction,
  days: readonly { readonly entityId: string; readonly date: CalendarDate }[],
): Promise<FiscalPeriod[]> {
  const distinct = new Map(days.map((day) => [`${day.entityId} ${day.date}`, day]));
  const wanted = [...distinct.values()];
  const rows = await tx.query<PeriodRow>(
    `SELECT ${periodColumns} FROM fiscal_periods p
     WHERE p.id IN (
       SELECT q.id FROM unnest($1::uuid[], $2::date[]) AS r (entity_id, day)
       JOIN fiscal_periods q ON q.entity_id = r.entity_id AND r.day BETWEEN q.start_date AND q.end_date
     )
     ORDER BY p.entity_id, p.start_date
     FOR SHARE OF p`,
    [wanted.map(({ entityId }) => entityId), wanted.map(({ date }) => date)],
  );
  return rows.map(periodFromRow);
}

/** The periods of an entity up to a day, locked in the same order: it waits for the entries that are under way in them. */
export async function lockPeriodsUpTo(
  tx: Transaction,
  entityId: string,
  lastDay: CalendarDate,
): Promise<FiscalPeriod[]> {
  const rows = await tx.query<PeriodRow>(
    `SELECT ${periodColumns} FROM fiscal_periods p
     WHERE p.entity_id = $1::uuid AND p.start_date <= $2::date
     ORDER BY p.entity_id, p.start_date
     FOR UPDATE`,
    [entityId, lastDay],
  );
  return rows.map(periodFromRow);
}

export async function setPeriodStatus(
  tx: Transaction,
  periodIds: readonly string[],
  change: { readonly status: PeriodStatus; readonly actor: string; readonly reason: string },
): Promise<FiscalPeriod[]> {
  const rows = await tx.query<PeriodRow>(
    `UPDATE fiscal_periods p SET status = $2::text, status_at = now(), status_by = $3::text, status_reason = $4::text
     WHERE p.id = ANY ($1::uuid[])
     RETURNING ${periodColumns}`,
    [periodIds, change.status, change.actor, change.reason],
  );
  return rows.map(periodFromRow).sort((left, right) => (left.startDate < right.startDate ? -1 : 1));
}

/** Null: the year is not closed any more. */
export async function setYearClose(
  tx: Transaction,
  yearId: string,
  close: { readonly actor: string; readonly reason: string } | null,
): Promise<void> {
  await tx.execute(
    `UPDATE fiscal_years y SET
       closed_at = CASE WHEN $2::text IS NULL THEN NULL ELSE now() END, closed_by = $2::text, close_reason = $3::text
     WHERE y.id = $1::uuid`,
    [yearId, close?.actor ?? null, close?.reason ?? null],
  );
}
