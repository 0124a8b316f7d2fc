import type { DecisionKind, FieldChange, Outcome } from '../../model/decision.ts';
import type { Warning } from '../../model/warning.ts';
import type { SyncScope } from '../../model/sync-scope.ts';
import type { Transaction } from '../../platform/database/database.ts';

/** What a run decided about one record. */
export interface RunRecord {
  readonly sourceType: string;
  readonly sourceId: string;
  readonly title: string;
  readonly decision: DecisionKind;
  /** Null in a preview. */
  readonly outcome: Outcome | null;
  readonly code: string | null;
  readonly reason: string;
  readonly warnings: readonly Warning[];
  readonly changes: readonly FieldChange[];
  /** Of a preview: the planned document as wire JSON. */
  readonly document: object | null;
  readonly documentId: string | null;
  readonly currency: string | null;
  readonly amountMinor: bigint | null;
}

/** A record that the run decides about again (a retry within the run) replaces what it decided before. */
export async function writeRunRecords(
  tx: Transaction,
  organizationId: string,
  runId: string,
  records: readonly RunRecord[],
): Promise<void> {
  if (records.length === 0) return;
  await tx.execute(
    `INSERT INTO run_records (organization_id, run_id, source_type, source_id, title, decision, outcome, code, reason, warnings, changes, document, document_id, currency, amount_minor)
     SELECT $1, $2::uuid, type, id, title, decision, outcome, code, reason, warnings, changes, document, document_id, currency, amount_minor
     FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::jsonb[], $11::jsonb[], $12::jsonb[], $13::uuid[], $14::text[], $15::bigint[])
       AS r (type, id, title, decision, outcome, code, reason, warnings, changes, document, document_id, currency, amount_minor)
     ON CONFLICT (run_id, source_type, source_id) DO UPDATE SET
       decision = CASE WHEN run_records.outcome = 'created' AND excluded.decision IN ('update', 'unchanged') THEN run_records.decision ELSE excluded.decision END,
       outcome = CASE WHEN run_records.outcome = 'created' AND excluded.decision IN ('update', 'unchanged') THEN run_records.outcome ELSE excluded.outcome END,
       title = excluded.title, code = excluded.code, reason = excluded.reason, warnings = excluded.warnings, changes = excluded.changes, document = excluded.document,
       document_id = excluded.document_id, currency = excluded.currency, amount_minor = excluded.amount_minor, at = now()`,
    [
      organizationId,
      runId,
      records.map((record) => record.sourceType),
      records.map((record) => record.sourceId),
      records.map((record) => record.title.slice(0, titleLengthMax)),
      records.map((record) => record.decision),
      records.map((record) => record.outcome),
      records.map((record) => record.code),
      records.map((record) => record.reason),
      records.map((record) => JSON.stringify(record.warnings)),
      records.map((record) => JSON.stringify(record.changes)),
      records.map((record) => (record.document ? JSON.stringify(record.document) : null)),
      records.map((record) => record.documentId),
      records.map((record) => record.currency),
      records.map((record) => record.amountMinor?.toString() ?? null),
    ],
  );
}

/** A title names a row of a table; a longer one helps nobody. */
const titleLengthMax = 300;

export interface PlannedMark {
  readonly sourceId: string;
  /** The version that was planned: one that came meanwhile stays pending. */
  readonly version: string;
  readonly title: string;
  readonly decision: DecisionKind;
  readonly code: string | null;
  readonly reason: string;
}

/** The deals are planned: what is to be looked at again stays pending. */
export async function markPlanned(
  tx: Transaction,
  connectionId: string,
  runId: string,
  deals: readonly PlannedMark[],
): Promise<void> {
  if (deals.length === 0) return;
  await tx.execute(
    `UPDATE source_records AS stored
     SET pending = (planned.decision IN ('fail', 'hold') OR stored.version <> planned.version), planned_run_id = $2::uuid,
         title = planned.title, decision = planned.decision, code = planned.code, reason = planned.reason
     FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::text[]) AS planned (id, decision, code, reason, version, title)
     WHERE stored.connection_id = $1 AND stored.object_type = 'deal' AND stored.source_id = planned.id`,
    [
      connectionId,
      runId,
      deals.map(({ sourceId }) => sourceId),
      deals.map(({ decision }) => decision),
      deals.map(({ code }) => code),
      deals.map(({ reason }) => reason),
      deals.map(({ version }) => version),
      deals.map(({ title }) => title.slice(0, titleLengthMax)),
    ],
  );
}

/** A preview shows every deal: those that nothing happens to stand as the last run left them. */
export async function copyStandingDecisions(tx: Transaction, scope: SyncScope, runId: string): Promise<void> {
  await tx.execute(
    `INSERT INTO run_records (organization_id, run_id, source_type, source_id, title, decision, code, reason, document_id)
     SELECT $1, $2::uuid, 'deal', deal.source_id, deal.title,
       CASE WHEN deal.decision IN ('create', 'update') THEN 'unchanged' ELSE deal.decision END, deal.code,
       CASE WHEN deal.decision IN ('create', 'update', 'unchanged') THEN 'Nothing that is mapped has changed.' ELSE coalesce(deal.reason, '') END, link.target_id
     FROM source_records AS deal
     LEFT JOIN links AS link ON link.organization_id = $1 AND link.connector = $4 AND link.account_id = $5 AND link.mode = $6
       AND link.source_object = 'deal' AND link.source_id = deal.source_id AND link.target = 'document' AND link.state = 'active'
     WHERE deal.connection_id = $3 AND deal.object_type = 'deal' AND deal.decision IS NOT NULL
     ON CONFLICT DO NOTHING`,
    [scope.organizationId, runId, scope.connectionId, scope.connector, scope.accountId, scope.mode],
  );
}
