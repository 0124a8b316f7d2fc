import type { Transaction } from '../../platform/database/database.ts';
import { documentDigestActions } from './document-digests.ts';
import { journalEntryRecorded } from './journal-digests.ts';

/** One page of a table in the order of ids: which rows have no digest in the audit trail, and where the next page begins. */
export interface UnrecordedPage {
  readonly scanned: number;
  readonly unrecordedIds: readonly string[];
  /** Null on the last page. */
  readonly next: string | null;
}

const pageMax = 2000;
export const firstPage = '00000000-0000-0000-0000-000000000000';

interface RecordedRow {
  readonly id: string;
  readonly recorded: boolean;
}

function toPage(rows: readonly RecordedRow[]): UnrecordedPage {
  return {
    scanned: rows.length,
    unrecordedIds: rows.filter(({ recorded }) => !recorded).map(({ id }) => id),
    next: rows.length < pageMax ? null : (rows.at(-1)?.id ?? null),
  };
}

export async function findUnrecordedJournalEntries(
  tx: Transaction,
  organizationId: string,
  afterId: string,
): Promise<UnrecordedPage> {
  const rows = await tx.query<RecordedRow>(
    `SELECT p.id, EXISTS (
       SELECT FROM audit_entries a
       WHERE a.organization_id = $1::uuid AND a.subject_type = 'journal_entry' AND a.subject_id = p.id::text AND a.action = $4::text
     ) AS recorded
     FROM (
       SELECT e.id FROM journal_entries e WHERE e.organization_id = $1::uuid AND e.id > $2::uuid ORDER BY e.id LIMIT $3::integer
     ) AS p
     ORDER BY p.id`,
    [organizationId, afterId, pageMax, journalEntryRecorded],
  );
  return toPage(rows);
}

/** Of invoices and credit notes that are no drafts. */
export async function findUnrecordedDocuments(
  tx: Transaction,
  organizationId: string,
  afterId: string,
): Promise<UnrecordedPage> {
  const rows = await tx.query<RecordedRow>(
    `SELECT p.id, EXISTS (
       SELECT FROM audit_entries a
       WHERE a.organization_id = $1::uuid AND a.subject_type = 'document' AND a.subject_id = p.id::text
         AND a.action = ANY ($4::text[]) AND a.after ->> 'digest' IS NOT NULL
     ) AS recorded
     FROM (
       SELECT d.id FROM documents d
       WHERE d.organization_id = $1::uuid AND d.id > $2::uuid AND d.status <> 'draft' AND d.kind IN ('invoice', 'credit_note')
       ORDER BY d.id LIMIT $3::integer
     ) AS p
     ORDER BY p.id`,
    [organizationId, afterId, pageMax, documentDigestActions],
  );
  return toPage(rows);
}
