import type { CalendarDate, Instant } from '../../kernel/dates.ts';
import type { AuditContext } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';

/** A part of a schedule whose month has come and that is not recognised. */
export interface DuePart {
  readonly contractId: string;
  readonly contractNumber: string;
  readonly customer: string;
  readonly obligationId: string;
  readonly obligation: string;
  readonly position: number;
  readonly period: CalendarDate;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly incomeAccountId: string;
}

export async function readDueParts(
  tx: Transaction,
  entityId: string,
  period: CalendarDate,
): Promise<DuePart[]> {
  const rows = await tx.query<{
    contract_id: string;
    number: string;
    customer: string;
    obligation_id: string;
    description: string;
    position: number;
    period: CalendarDate;
    amount_minor: string;
    currency: string;
    income_account_id: string;
  }>(
    `SELECT o.contract_id, d.number, u.name AS customer, s.obligation_id, o.description, s.position, s.period, s.amount_minor,
       c.currency, o.income_account_id
     FROM contract_schedule s
     JOIN contract_obligations o ON o.id = s.obligation_id
     JOIN contracts c ON c.document_id = o.contract_id
     JOIN documents d ON d.id = c.document_id
     JOIN customers u ON u.id = d.customer_id
     LEFT JOIN recognition_lines r
       ON r.obligation_id = s.obligation_id AND r.schedule_position = s.position AND NOT r.undone
     WHERE c.entity_id = $1::uuid AND s.period <= $2::date AND s.amount_minor <> 0 AND r.run_id IS NULL
       AND d.status IN ('active', 'completed', 'terminated')
     ORDER BY o.contract_id, o.position, s.period, s.position`,
    [entityId, period],
  );
  return rows.map((row) => ({
    contractId: row.contract_id,
    contractNumber: row.number,
    customer: row.customer,
    obligationId: row.obligation_id,
    obligation: row.description,
    position: row.position,
    period: row.period,
    amountMinor: BigInt(row.amount_minor),
    currency: row.currency,
    incomeAccountId: row.income_account_id,
  }));
}

export async function insertRun(
  tx: Transaction,
  context: AuditContext,
  run: { id: string; entityId: string; period: CalendarDate; date: CalendarDate },
): Promise<void> {
  await tx.execute(
    `INSERT INTO recognition_runs (id, organization_id, entity_id, period, entry_date, created_by)
     VALUES ($1::uuid, $2::uuid, $3::uuid, $4::date, $5::date, $6::text)`,
    [run.id, context.organizationId, run.entityId, run.period, run.date, context.actor],
  );
}

export async function insertRecognitionLines(
  tx: Transaction,
  organizationId: string,
  runId: string,
  parts: readonly (DuePart & { readonly entryId: string })[],
): Promise<void> {
  await tx.execute(
    `INSERT INTO recognition_lines (organization_id, run_id, obligation_id, schedule_position, amount_minor, entry_id)
     SELECT $1::uuid, $2::uuid, r.* FROM unnest($3::uuid[], $4::integer[], $5::bigint[], $6::uuid[]) AS r`,
    [
      organizationId,
      runId,
      parts.map(({ obligationId }) => obligationId),
      parts.map(({ position }) => position),
      parts.map(({ amountMinor }) => amountMinor.toString()),
      parts.map(({ entryId }) => entryId),
    ],
  );
}

export interface RecognitionRun {
  readonly id: string;
  readonly entityId: string;
  readonly period: CalendarDate;
  readonly date: CalendarDate;
  readonly createdAt: Instant;
  readonly createdBy: string;
  readonly undone: boolean;
  readonly obligations: number;
  readonly totals: readonly { readonly currency: string; readonly amountMinor: bigint }[];
}

interface RunRow {
  readonly id: string;
  readonly entity_id: string;
  readonly period: CalendarDate;
  readonly entry_date: CalendarDate;
  readonly created_at: Instant;
  readonly created_by: string;
  readonly undone: boolean;
  readonly currency: string;
  readonly obligations: number;
  readonly amount_minor: string;
}

/** The runs of an entity, newest month first; null: of all of them. At most 1,000 rows, 80 years of months. */
export async function readRuns(
  tx: Transaction,
  entityId: string | null,
  runId: string | null = null,
): Promise<RecognitionRun[]> {
  const rows = await tx.query<RunRow>(
    `SELECT n.id, n.entity_id, n.period, n.entry_date, n.created_at, n.created_by, n.undone_at IS NOT NULL AS undone, c.currency,
       count(DISTINCT r.obligation_id)::integer AS obligations, sum(r.amount_minor)::bigint AS amount_minor
     FROM recognition_runs n
     JOIN recognition_lines r ON r.run_id = n.id
     JOIN contract_obligations o ON o.id = r.obligation_id
     JOIN contracts c ON c.document_id = o.contract_id
     WHERE ($1::uuid IS NULL OR n.entity_id = $1::uuid) AND ($2::uuid IS NULL OR n.id = $2::uuid)
     GROUP BY n.id, c.currency
     ORDER BY n.period DESC, n.created_at DESC, n.id, c.currency
     LIMIT 1000`,
    [entityId, runId],
  );
  const runs = new Map<string, RecognitionRun>();
  for (const row of rows) {
    const known = runs.get(row.id);
    runs.set(row.id, {
      id: row.id,
      entityId: row.entity_id,
      period: row.period,
      date: row.entry_date,
      createdAt: row.created_at,
      createdBy: row.created_by,
      undone: row.undone,
      obligations: (known?.obligations ?? 0) + row.obligations,
      totals: [...(known?.totals ?? []), { currency: row.currency, amountMinor: BigInt(row.amount_minor) }],
    });
  }
  return [...runs.values()];
}

/** Entries of a run and the contracts that they are of. Null: there is no such run, or it is undone already. */
export async function lockRun(
  tx: Transaction,
  runId: string,
): Promise<{ readonly entityId: string; readonly undone: boolean; readonly entryIds: string[] } | null> {
  const [run] = await tx.query<{ entity_id: string; undone: boolean }>(
    `SELECT n.entity_id, n.undone_at IS NOT NULL AS undone FROM recognition_runs n WHERE n.id = $1::uuid FOR UPDATE`,
    [runId],
  );
  if (!run) return null;
  const rows = await tx.query<{ entry_id: string }>(
    'SELECT DISTINCT r.entry_id FROM recognition_lines r WHERE r.run_id = $1::uuid ORDER BY r.entry_id',
    [runId],
  );
  return { entityId: run.entity_id, undone: run.undone, entryIds: rows.map((row) => row.entry_id) };
}

export async function markRunUndone(tx: Transaction, runId: string, actor: string): Promise<void> {
  await tx.execute('UPDATE recognition_lines r SET undone = true WHERE r.run_id = $1::uuid', [runId]);
  await tx.execute(
    'UPDATE recognition_runs n SET undone_at = now(), undone_by = $2::text WHERE n.id = $1::uuid',
    [runId, actor],
  );
}
