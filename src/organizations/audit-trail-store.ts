import type { Instant } from '../kernel/dates.ts';
import type { Transaction } from '../platform/database/database.ts';
import {
  checkLimit,
  type CountedPage,
  decodeCursor,
  type PageRequest,
  toPage,
} from '../platform/database/page-cursor.ts';
import { instantFromRow } from './row-instant.ts';

/** One deed as it stands in the audit trail. */
export interface AuditTrailEntry {
  /** Digits; grows with time. */
  readonly id: string;
  readonly at: Instant;
  readonly actor: string;
  readonly action: string;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly connectionId: string | null;
  readonly runId: string | null;
  readonly before: unknown;
  readonly after: unknown;
}

export interface AuditTrailFilter {
  /** Parts of the text, in any case; in an action a dot is as good as a space. */
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly subjectType?: string | undefined;
  readonly subjectId?: string | undefined;
  readonly connectionId?: string | undefined;
  readonly runId?: string | undefined;
  /** Days in UTC, both whole. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

interface AuditTrailRow {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject_type: string;
  readonly subject_id: string;
  readonly connection_id: string | null;
  readonly run_id: string | null;
  readonly before: unknown;
  readonly after: unknown;
}

function fromRow(row: AuditTrailRow): AuditTrailEntry {
  return {
    id: row.id,
    at: instantFromRow(row.at),
    actor: row.actor,
    action: row.action,
    subjectType: row.subject_type,
    subjectId: row.subject_id,
    connectionId: row.connection_id,
    runId: row.run_id,
    before: row.before,
    after: row.after,
  };
}

/** The trail, newest first. */
export async function listAuditTrail(
  tx: Transaction,
  organizationId: string,
  filter: AuditTrailFilter,
  request: PageRequest,
): Promise<CountedPage<AuditTrailEntry>> {
  const limit = checkLimit(request.limit);
  const [afterId] = decodeCursor(request.after, 'newest', ['bigint']) ?? [null];
  const where = `organization_id = $1::uuid
       AND ($2::text IS NULL OR subject_type = $2)
       AND ($3::text IS NULL OR subject_id = $3)
       AND ($4::uuid IS NULL OR connection_id = $4)
       AND ($5::text IS NULL OR strpos(lower(actor), lower($5)) > 0)
       AND ($6::text IS NULL OR strpos(translate(lower(action), '._', '  '), translate(lower($6), '._', '  ')) > 0)
       AND ($7::uuid IS NULL OR run_id = $7)
       AND ($8::date IS NULL OR at >= $8::date::timestamp AT TIME ZONE 'UTC')
       AND ($9::date IS NULL OR at < ($9::date + 1)::timestamp AT TIME ZONE 'UTC')`;
  const parameters = [
    organizationId,
    filter.subjectType ?? null,
    filter.subjectId ?? null,
    filter.connectionId ?? null,
    filter.actor ?? null,
    filter.action ?? null,
    filter.runId ?? null,
    filter.from ?? null,
    filter.to ?? null,
  ];
  const rows = await tx.query<AuditTrailRow>(
    `SELECT id::text AS id, at, actor, action, subject_type, subject_id, connection_id, run_id, before, after
     FROM audit_entries
     WHERE ${where} AND ($10::bigint IS NULL OR audit_entries.id < $10)
     ORDER BY audit_entries.id DESC LIMIT $11::integer`,
    [...parameters, afterId, limit + 1],
  );
  const [counted] = await tx.query<{ total: number }>(
    `SELECT count(*)::integer AS total FROM audit_entries WHERE ${where}`,
    parameters,
  );
  return { ...toPage(rows.map(fromRow), limit, 'newest', (entry) => [entry.id]), total: counted?.total ?? 0 };
}
