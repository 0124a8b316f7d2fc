import type { RunRecordWire } from '../../contract/sync-wire.ts';
import { formatMinor } from '../../kernel/money.ts';
import type { DecisionKind, FieldChange, Outcome } from '../../model/decision.ts';
import type { Warning } from '../../model/warning.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { type CodeCount, mendOf } from './run-wire.ts';

export interface RecordRow {
  readonly run_id: string;
  readonly source_type: string;
  readonly source_id: string;
  readonly title: string;
  readonly url: string | null;
  readonly decision: DecisionKind;
  readonly outcome: Outcome | null;
  readonly code: string | null;
  readonly reason: string;
  readonly warnings: Warning[];
  readonly changes: FieldChange[];
  readonly currency: string | null;
  readonly amount_minor: string | null;
  readonly document_id: string | null;
  readonly document: RunRecordWire['document'];
  readonly at: string;
}

export interface RunRecordFilter {
  readonly runId: string;
  readonly sourceType: string | null;
  readonly decision: string | null;
  readonly outcome: string | null;
  readonly code: string | null;
  readonly text: string | null;
}

const columns = `r.run_id, r.source_type, r.source_id, r.title, s.url, r.decision, r.outcome, r.code, r.reason, r.warnings, r.changes,
  r.document_id, r.document, r.at`;

// A deal that nothing happens to has no amount of its own in a preview: its document has it.
const amountColumns = `coalesce(r.currency, d.currency) AS currency,
  CASE WHEN r.currency IS NULL THEN d.total_minor ELSE r.amount_minor END AS amount_minor`;

// Deals first, as in the reading order of a person; within a type by the id's length and text, which is by number.
const order = `CASE r.source_type WHEN 'deal' THEN 0 ELSE 1 END, r.source_type, length(r.source_id), r.source_id`;

/** What a filter asks of a row `r`, beside the run; its parameters are those of `parametersOf`. */
export const filterSql = `($2::text IS NULL OR r.source_type = $2) AND ($3::text IS NULL OR r.decision = $3)
  AND ($4::text IS NULL OR r.outcome = $4) AND ($5::text IS NULL OR r.code = $5)
  AND ($6::text IS NULL OR r.source_id = $6 OR position(lower($6) IN lower(r.title)) > 0 OR position(lower($6) IN lower(r.reason)) > 0)`;

export function parametersOf(filter: RunRecordFilter): unknown[] {
  return [filter.runId, filter.sourceType, filter.decision, filter.outcome, filter.code, filter.text];
}

export function fromRow(row: RecordRow): RunRecordWire {
  return {
    runId: row.run_id,
    sourceType: row.source_type,
    sourceId: row.source_id,
    title: row.title,
    url: row.url,
    decision: row.decision,
    outcome: row.outcome,
    code: row.code,
    reason: row.reason,
    mend: mendOf(row.code),
    warnings: row.warnings,
    changes: row.changes,
    currency: row.currency,
    amount:
      row.amount_minor === null || row.currency === null
        ? null
        : formatMinor(BigInt(row.amount_minor), row.currency),
    documentId: row.document_id,
    document: row.document,
  };
}

const sourceJoin = `JOIN runs ON runs.id = r.run_id
     LEFT JOIN source_records AS s ON s.connection_id = runs.connection_id AND s.object_type = r.source_type AND s.source_id = r.source_id`;

/** A page of what a run decided; `offset` counts rows, because a finished run's rows stand still. */
export async function listRunRecords(
  tx: Transaction,
  filter: RunRecordFilter,
  offset: number,
  limit: number,
): Promise<RunRecordWire[]> {
  const rows = await tx.query<RecordRow>(
    `SELECT ${columns}, ${amountColumns} FROM run_records AS r ${sourceJoin} LEFT JOIN documents AS d ON d.id = r.document_id
     WHERE r.run_id = $1 AND ${filterSql} ORDER BY ${order} LIMIT $7 OFFSET $8`,
    [...parametersOf(filter), limit, offset],
  );
  return rows.map(fromRow);
}

export async function countRunRecords(tx: Transaction, filter: RunRecordFilter): Promise<number> {
  const [row] = await tx.query<{ count: string }>(
    `SELECT count(*) AS count FROM run_records AS r WHERE r.run_id = $1 AND ${filterSql}`,
    parametersOf(filter),
  );
  return Number(row?.count ?? 0);
}

/** What was decided about a deal of the connection in each run, newest first. */
export async function listRecordsOfDeal(
  tx: Transaction,
  connectionId: string,
  dealId: string,
  limit: number,
): Promise<(RunRecordWire & { at: string })[]> {
  const rows = await tx.query<RecordRow>(
    `SELECT ${columns}, r.currency, r.amount_minor FROM run_records AS r ${sourceJoin}
     WHERE runs.connection_id = $1 AND r.source_type = 'deal' AND r.source_id = $2 ORDER BY r.at DESC LIMIT $3`,
    [connectionId, dealId, limit],
  );
  return rows.map((row) => ({ ...fromRow(row), at: row.at }));
}

/** Why deals were skipped, failed or held, the most frequent first, for each of the runs. */
export async function countCodes(tx: Transaction, runIds: readonly string[]): Promise<CodeCount[]> {
  const rows = await tx.query<{
    run_id: string;
    decision: DecisionKind;
    code: string;
    count: string;
  }>(
    `SELECT run_id, decision, code, count(*) AS count FROM run_records
     WHERE run_id = ANY ($1::uuid[]) AND source_type = 'deal' AND code IS NOT NULL GROUP BY run_id, decision, code ORDER BY count(*) DESC, code`,
    [runIds],
  );
  return rows.map((row) => ({
    runId: row.run_id,
    decision: row.decision,
    code: row.code,
    count: Number(row.count),
  }));
}

/** Ids of the deals that failed in the run: what Retry plans again. */
export async function findFailedDeals(tx: Transaction, runId: string, limit: number): Promise<string[]> {
  const rows = await tx.query<{ source_id: string }>(
    `SELECT source_id FROM run_records WHERE run_id = $1 AND source_type = 'deal' AND decision = 'fail' ORDER BY source_id LIMIT $2`,
    [runId, limit],
  );
  return rows.map((row) => row.source_id);
}
