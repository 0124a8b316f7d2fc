import { assert } from '../../kernel/assert.ts';
import { type AuditContext, appendAuditEntries } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { groupBy } from '../group-by.ts';
import { canonicalHash, canonicalInstant, type CanonicalValue } from './canonical-text.ts';

/** The action under which the digest of a journal entry stands in the audit trail. */
export const journalEntryRecorded = 'journal_entry.recorded';

/** What a digest is made of, in the order in which it is hashed. */
interface EntryRow {
  readonly id: string;
  readonly entry_date: string;
  readonly kind: string;
  readonly document_id: string | null;
  readonly fields: readonly CanonicalValue[];
}

interface LineRow {
  /** Of what it is a line. */
  readonly id: string;
  readonly fields: readonly CanonicalValue[];
}

export interface JournalEntryDigest {
  readonly id: string;
  readonly date: string;
  readonly kind: string;
  readonly documentId: string | null;
  /** `1:` and the SHA-256 in hexadecimal; 1 is the version of the canonical text. */
  readonly digest: string;
}

/**
 * The digests of journal entries as the tables have them now, entry and lines; unknown ids are left out. Everything that a row says is
 * in it but `transaction_id`, which is another one after a restore. The day of a line, which is that of its entry, is in it where
 * somebody made it another one.
 */
export async function readJournalEntryDigests(
  tx: Transaction,
  ids: readonly string[],
): Promise<Map<string, JournalEntryDigest>> {
  if (ids.length === 0) return new Map();
  const entries = await tx.query<EntryRow>(
    `SELECT e.id, e.entry_date, e.kind, e.document_id, to_json(ARRAY[
       e.organization_id::text, e.id::text, e.entity_id::text, to_char(e.entry_date, 'YYYY-MM-DD'), e.kind, e.description, e.document_id::text,
       e.reverses_entry_id::text, e.adjusting::text, e.created_by, ${canonicalInstant('e.created_at')}
     ]) AS fields
     FROM journal_entries e WHERE e.id = ANY ($1::uuid[])`,
    [ids],
  );
  const lines = await tx.query<LineRow>(
    `SELECT l.entry_id AS id, to_json(ARRAY[
       l.organization_id::text, l.position::text, l.account_id::text, l.currency, l.debit_minor::text, l.credit_minor::text,
       l.base_debit_minor::text, l.base_credit_minor::text, l.document_id::text
     ] || CASE WHEN l.entry_date = e.entry_date THEN '{}' ELSE ARRAY[l.entry_date::text] END) AS fields
     FROM journal_lines l JOIN journal_entries e ON e.id = l.entry_id
     WHERE l.entry_id = ANY ($1::uuid[]) ORDER BY l.entry_id, l.position`,
    [ids],
  );
  const linesOf = groupBy(lines, ({ id }) => id);
  return new Map(
    entries.map((entry) => {
      const lineFields = (linesOf.get(entry.id) ?? []).flatMap(({ fields }) => fields);
      const hash = canonicalHash(['tributary journal entry 1', ...entry.fields, ...lineFields]);
      const { id, entry_date: date, kind, document_id: documentId } = entry;
      return [id, { id, date, kind, documentId, digest: `1:${hash}` }];
    }),
  );
}

/**
 * Writes the digests of these journal entries into the audit trail, one entry each. `takenOver`: they were there before digests were
 * kept, and are taken over as they are found.
 */
export async function recordJournalEntries(
  tx: Transaction,
  context: AuditContext,
  ids: readonly string[],
  takenOver = false,
): Promise<void> {
  const digests = await readJournalEntryDigests(tx, ids);
  await appendAuditEntries(
    tx,
    context,
    ids.map((id) => {
      const found = digests.get(id);
      assert(found, 'a journal entry is recorded in the transaction that makes it');
      const { date, kind, documentId, digest } = found;
      const after = { digest, date, kind, documentId, ...(takenOver ? { takenOver } : {}) };
      return { action: journalEntryRecorded, subjectType: 'journal_entry', subjectId: id, after };
    }),
  );
}
