import type { Handlers } from '../../contract/handler.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { getCustomerWire, mergeCustomers } from '../../ledger/customers.ts';
import { clearEdit, lockDraft } from '../../ledger/by-hand/drafts-store.ts';
import { deleteDraftDocuments } from '../../ledger/document-drafts-store.ts';
import { getDocument } from '../../ledger/documents-store.ts';
import { documentToWire } from '../../ledger/documents-wire.ts';
import { appendAuditEntries } from '../../platform/audit/audit-store.ts';
import { forgetApplied, holdAsUnsynced, keepEditAgainstDeal, moveCustomerLinks } from '../deals-store.ts';
import { fieldsInBooks } from '../edited-documents.ts';
import { auditContextOf, type OperationDependencies } from './operation-dependencies.ts';

export type BooksOperations = Handlers<'deleteDocument' | 'mergeCustomer' | 'resolveConflict'>;

/** What a person does in the books that the links have to follow. */
export function createBooksOperations({ database }: OperationDependencies): BooksOperations {
  return {
    deleteDocument: async (caller, { params }) => {
      await database.withOrganization(caller.organizationId, async (tx) => {
        const document = await getDocument(tx, params.id);
        if (!document) throw new TributaryError('not_found', 'There is no such document.');
        const scope = { organizationId: caller.organizationId, entityId: document.entityId };
        const [outcome] = await deleteDraftDocuments(tx, scope, [params.id]);
        if (outcome?.outcome !== 'done') throw new TributaryError('document_not_draft');
        const dealId = await holdAsUnsynced(tx, params.id);
        const entry = {
          action: 'document.deleted',
          subjectType: 'document',
          subjectId: params.id,
          before: documentToWire(document),
          after: { dealId },
        };
        await appendAuditEntries(tx, auditContextOf(caller, document.connectionId), [entry]);
      });
      return null;
    },
    resolveConflict: async (caller, { params, body }) => {
      await database.withOrganization(caller.organizationId, async (tx) => {
        const draft = await lockDraft(tx, params.id);
        const document = draft ? await getDocument(tx, params.id) : null;
        if (!document) throw new TributaryError('not_found', 'There is no such document.');
        if (document.status !== 'draft') throw new TributaryError('document_not_draft');
        if (document.editedAt === null) throw new TributaryError('no_conflict');
        const isKept = body.keep === 'books';
        if (isKept) await keepEditAgainstDeal(tx, params.id);
        else await forgetApplied(tx, params.id, fieldsInBooks(document));
        if (!isKept) await clearEdit(tx, params.id, caller.actor);
        await appendAuditEntries(tx, auditContextOf(caller, document.connectionId), [
          {
            action: isKept ? 'document.edit_kept' : 'document.edit_discarded',
            subjectType: 'document',
            subjectId: params.id,
            before: { editedBy: document.editedBy, editedAt: document.editedAt },
          },
        ]);
      });
      return null;
    },
    mergeCustomer: async (caller, { params, body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        const { entityId } = await getCustomerWire(tx, params.id);
        const scope = { organizationId: caller.organizationId, entityId };
        await mergeCustomers(tx, scope, params.id, body.into, auditContextOf(caller));
        await moveCustomerLinks(tx, params.id, body.into);
        return getCustomerWire(tx, body.into);
      }),
  };
}
