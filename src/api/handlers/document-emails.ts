import type { HandlerOutput, Handlers } from '../../contract/handler.ts';
import { isTributaryError, TributaryError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { getCustomerWire } from '../../ledger/customers.ts';
import {
  type DocumentEmail,
  finishDocumentEmail,
  insertDocumentEmail,
  listDocumentEmails,
} from '../../ledger/document-emails-store.ts';
import { getDocument } from '../../ledger/documents-store.ts';
import { appendAuditEntries } from '../../platform/audit/audit-store.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import type { Mailer } from '../../platform/mail/mailer.ts';
import { renderInvoicePdf } from '../../reports/invoice-pdf/invoice-pdf.ts';
import type { PrintableInvoice } from '../../reports/invoice-pdf/printable-invoice.ts';
import { documentWord } from '../../reports/invoice-pdf/theme.ts';
import { fileNameOf, readPrintableInvoice } from '../printable-invoice.ts';

export type DocumentEmailOperationId = 'listDocumentEmails' | 'sendDocument';

/** Documents by e-mail. `mailer` null: no mail server is set. */
export function documentEmailHandlers(
  database: Database,
  mailer: Mailer | null,
): Handlers<DocumentEmailOperationId> {
  return {
    listDocumentEmails: ({ organizationId }, { params }) =>
      database.withOrganization(organizationId, async (tx) => {
        const printable = await readPrintableInvoice(tx, params.id);
        return {
          configured: mailer !== null,
          from: mailer?.from ?? null,
          proposal: { to: await proposedRecipients(tx, params.id), ...proposedText(printable) },
          data: (await listDocumentEmails(tx, params.id)).map(toWire),
        };
      }),
    sendDocument: async (caller, { params, body }) => {
      if (!mailer) throw new TributaryError('mail_not_configured');
      const id = newId();
      const inOrganization = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
        database.withOrganization(caller.organizationId, work);
      // Kept before the mail server is asked, so that no mail goes out that nobody knows of.
      const { printable, subject, text } = await inOrganization(async (tx) => {
        const found = await readPrintableInvoice(tx, params.id);
        if (found.number === null) throw new TributaryError('document_not_posted', 'A draft is not sent.');
        const proposed = proposedText(found);
        const chosen = { subject: body.subject ?? proposed.subject, text: body.message ?? proposed.message };
        await insertDocumentEmail(tx, caller.organizationId, {
          id,
          documentId: params.id,
          recipients: body.to,
          subject: chosen.subject,
          createdBy: caller.actor,
        });
        return { printable: found, ...chosen };
      });
      const attachment = {
        name: fileNameOf(printable),
        mediaType: 'application/pdf',
        bytes: await renderInvoicePdf(printable),
      };
      const sent = mailer.send({ to: body.to, subject, text, attachments: [attachment] });
      const outcome = await sent.then(
        (messageId) => ({ status: 'sent', detail: messageId, error: null }) as const,
        (error: unknown) => {
          const known = isTributaryError(error)
            ? error
            : new TributaryError('mail_unavailable', 'The message could not be written.', { cause: error });
          return { status: 'failed', detail: known.detail ?? known.message, error: known } as const;
        },
      );
      const [email] = await inOrganization(async (tx) => {
        await finishDocumentEmail(tx, id, outcome);
        await appendAuditEntries(tx, caller, [
          {
            action: outcome.status === 'sent' ? 'document.emailed' : 'document.email_failed',
            subjectType: 'document',
            subjectId: params.id,
            after: { to: body.to, subject, detail: outcome.detail },
          },
        ]);
        return (await listDocumentEmails(tx, params.id)).filter((found) => found.id === id);
      });
      if (outcome.error !== null) throw outcome.error;
      if (!email) throw new TributaryError('not_found', 'There is no such e-mail.');
      return toWire(email);
    },
  };
}

/** The customer's own address, else those of its contacts. */
async function proposedRecipients(tx: Transaction, documentId: string): Promise<string[]> {
  const document = await getDocument(tx, documentId);
  if (!document) throw new TributaryError('not_found', 'There is no such document.');
  const customer = await getCustomerWire(tx, document.customer.id);
  if (customer.email !== null) return [customer.email];
  const [contact] = customer.contacts.flatMap(({ email }) => (email === null ? [] : [email]));
  return contact === undefined ? [] : [contact];
}

function proposedText(printable: PrintableInvoice): { readonly subject: string; readonly message: string } {
  const { currency, customer, dueDate, seller, settled, total } = printable;
  const word = documentWord(printable);
  const number = printable.number ?? '(draft)';
  const due = dueDate === null ? '' : `, due on ${dueDate}`;
  return {
    subject: `${word} ${number} from ${seller.name}`,
    message: [
      `Dear ${customer.name},`,
      `please find attached ${word.toLowerCase()} ${number} of ${currency} ${settled?.open ?? total}${due}.`,
      `Kind regards\n${seller.name}\n`,
    ].join('\n\n'),
  };
}

function toWire(email: DocumentEmail): HandlerOutput<'sendDocument'> {
  return {
    id: email.id,
    to: email.recipients,
    subject: email.subject,
    status: email.status,
    error: email.status === 'failed' ? email.detail : null,
    sentBy: email.createdBy,
    createdAt: email.createdAt,
    finishedAt: email.finishedAt,
  };
}
