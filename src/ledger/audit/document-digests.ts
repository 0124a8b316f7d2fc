import { assert } from '../../kernel/assert.ts';
import { type AuditContext, appendAuditEntries } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { groupBy } from '../group-by.ts';
import { canonicalHash, canonicalInstant, type CanonicalValue } from './canonical-text.ts';

/** The action of the deed that posts, and the one under which a document is taken over that was posted before digests were kept. */
export const documentDigestActions = ['document.posted', 'document.recorded'] as const;

export interface DocumentDigest {
  /** `1:` and the SHA-256 in hexadecimal; 1 is the version of the canonical text. */
  readonly digest: string;
  /** Null only where a posted document was forged. */
  readonly number: string | null;
  /** Not in the digest: a merge moves posted documents to the customer that stays. */
  readonly customerId: string;
}

interface DocumentRow {
  readonly id: string;
  readonly number: string | null;
  readonly customer_id: string;
  readonly fields: readonly CanonicalValue[];
}

interface LineRow {
  /** Of what it is a line. */
  readonly id: string;
  readonly fields: readonly CanonicalValue[];
}

/**
 * The digests of documents as the tables have them now: what posting freezes, and the lines. What changes afterwards by deeds of its
 * own (status, open amount, dispute, customer) is not in it. Unknown ids are left out.
 */
export async function readDocumentDigests(
  tx: Transaction,
  ids: readonly string[],
): Promise<Map<string, DocumentDigest>> {
  if (ids.length === 0) return new Map();
  const documents = await tx.query<DocumentRow>(
    `SELECT d.id, d.number, d.customer_id, to_json(ARRAY[
       d.organization_id::text, d.id::text, d.entity_id::text, d.kind, d.number, d.currency, d.total_minor::text, d.tax_minor::text,
       to_char(d.document_date, 'YYYY-MM-DD'), to_char(d.due_date, 'YYYY-MM-DD'), d.description, d.memo, d.exchange_rate::text, ${canonicalInstant('d.posted_at')},
       d.posted_by, d.created_by, ${canonicalInstant('d.created_at')}
     ]) AS fields
     FROM documents d WHERE d.id = ANY ($1::uuid[])`,
    [ids],
  );
  const lines = await tx.query<LineRow>(
    `SELECT l.document_id AS id, to_json(ARRAY[
       l.organization_id::text, l.position::text, l.source_id, l.item_id::text, l.description, l.sku, l.quantity::text,
       l.unit_price::text, l.discount_percent::text, l.discount_minor::text, l.tax_minor::text, l.amount_minor::text,
       l.account_id::text, l.tax_code_id::text
     ]) AS fields
     FROM document_lines l WHERE l.document_id = ANY ($1::uuid[]) ORDER BY l.document_id, l.position`,
    [ids],
  );
  const linesOf = groupBy(lines, ({ id }) => id);
  return new Map(
    documents.map((document) => {
      const lineFields = (linesOf.get(document.id) ?? []).flatMap(({ fields }) => fields);
      const hash = canonicalHash(['tributary document 1', ...document.fields, ...lineFields]);
      const { id, number, customer_id: customerId } = document;
      return [id, { digest: `1:${hash}`, number, customerId }];
    }),
  );
}

/** Takes documents that were posted before digests were kept over into the audit trail, as they are found. */
export async function recordDocuments(
  tx: Transaction,
  context: AuditContext,
  ids: readonly string[],
): Promise<void> {
  const digests = await readDocumentDigests(tx, ids);
  await appendAuditEntries(
    tx,
    context,
    ids.map((id) => {
      const found = digests.get(id);
      assert(found, 'a document is recorded in the transaction that found it');
      return {
        action: 'document.recorded',
        subjectType: 'document',
        subjectId: id,
        after: { ...found, takenOver: true },
      };
    }),
  );
}
