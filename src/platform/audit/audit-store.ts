import type { Transaction } from '../database/database.ts';

/** Who does something, for which tenant and, where a sync does it, by which connection and run. */
export interface AuditContext {
  readonly organizationId: string;
  /** `user:<id>`, `key:<id>`, `sync` or `system`. */
  readonly actor: string;
  readonly connectionId?: string | null;
  readonly runId?: string | null;
}

/** One deed. `before` and `after` are plain JSON without secrets; bigint is not JSON, so money stands as a decimal string. */
export interface AuditEntry {
  /** Noun and past participle, such as `document.posted`. */
  readonly action: string;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

const jsonOrNull = (value: unknown): string | null =>
  value === undefined || value === null ? null : JSON.stringify(value);

/**
 * Appends the deeds of this transaction to the audit trail, in order, in one statement; they become visible with the
 * deeds themselves. The database refuses to change or delete them.
 */
export async function appendAuditEntries(
  tx: Transaction,
  context: AuditContext,
  entries: readonly AuditEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  await tx.execute(
    `INSERT INTO audit_entries (organization_id, actor, connection_id, run_id, action, subject_type, subject_id, before, after)
     SELECT $1::uuid, $2::text, $3::uuid, $4::uuid, r.action, r.subject_type, r.subject_id, r.before::jsonb, r.after::jsonb
     FROM unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
       WITH ORDINALITY AS r (action, subject_type, subject_id, before, after, place)
     ORDER BY r.place`,
    [
      context.organizationId,
      context.actor,
      context.connectionId ?? null,
      context.runId ?? null,
      entries.map((entry) => entry.action),
      entries.map((entry) => entry.subjectType),
      entries.map((entry) => entry.subjectId),
      entries.map((entry) => jsonOrNull(entry.before)),
      entries.map((entry) => jsonOrNull(entry.after)),
    ],
  );
}
