import type { Instant } from '../kernel/dates.ts';
import type { Transaction } from '../platform/database/database.ts';

/** An e-mail that carried a document. `sending` long after: the server stopped meanwhile, and it may or may not have arrived. */
export interface DocumentEmail {
  readonly id: string;
  readonly documentId: string;
  readonly recipients: readonly string[];
  readonly subject: string;
  readonly status: 'sending' | 'sent' | 'failed';
  /** The message's id, or what the mail server answered. */
  readonly detail: string | null;
  readonly createdAt: Instant;
  readonly createdBy: string;
  readonly finishedAt: Instant | null;
}

interface DocumentEmailRow {
  readonly id: string;
  readonly document_id: string;
  readonly recipients: string[];
  readonly subject: string;
  readonly status: DocumentEmail['status'];
  readonly detail: string | null;
  readonly created_at: Instant;
  readonly created_by: string;
  readonly finished_at: Instant | null;
}

const columns =
  'm.id, m.document_id, m.recipients, m.subject, m.status, m.detail, m.created_at, m.created_by, m.finished_at';

const fromRow = (row: DocumentEmailRow): DocumentEmail => ({
  id: row.id,
  documentId: row.document_id,
  recipients: row.recipients,
  subject: row.subject,
  status: row.status,
  detail: row.detail,
  createdAt: row.created_at,
  createdBy: row.created_by,
  finishedAt: row.finished_at,
});

export async function insertDocumentEmail(
  tx: Transaction,
  organizationId: string,
  email: Pick<DocumentEmail, 'id' | 'documentId' | 'recipients' | 'subject' | 'createdBy'>,
): Promise<void> {
  await tx.execute(
    `INSERT INTO document_emails (organization_id, id, document_id, recipients, subject, created_by)
     VALUES ($1::uuid, $2::uuid, $3::uuid, $4::text[], $5::text, $6::text)`,
    [organizationId, email.id, email.documentId, email.recipients, email.subject, email.createdBy],
  );
}

export async function finishDocumentEmail(
  tx: Transaction,
  id: string,
  outcome: { readonly status: 'sent' | 'failed'; readonly detail: string },
): Promise<void> {
  await tx.execute(
    `UPDATE document_emails m SET status = $2::text, detail = $3::text, finished_at = now() WHERE m.id = $1::uuid`,
    [id, outcome.status, outcome.detail],
  );
}

/** A document is mailed a few times; older ones than these stand in the audit trail. */
const emailsMax = 100;

/** The latest first, at most `emailsMax`. */
export async function listDocumentEmails(tx: Transaction, documentId: string): Promise<DocumentEmail[]> {
  const rows = await tx.query<DocumentEmailRow>(
    `SELECT ${columns} FROM document_emails m WHERE m.document_id = $1::uuid
     ORDER BY m.created_at DESC, m.id DESC LIMIT ${emailsMax}`,
    [documentId],
  );
  return rows.map(fromRow);
}
