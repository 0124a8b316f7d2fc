import type { Instant } from '../kernel/dates.ts';
import { formatMinor } from '../kernel/money.ts';
import type { DocumentState } from '../ledger/document-drafts-store.ts';
import { type Document, getDocuments } from '../ledger/documents-store.ts';
import type { Transaction } from '../platform/database/database.ts';
import type { AppliedFields } from './plan/applied-fields.ts';
import type { HandEdit } from './plan/hand-edit.ts';

/** What persons made of these documents, by document id; those that nobody edited are left out. */
export async function loadHandEdits(
  tx: Transaction,
  states: readonly DocumentState[],
): Promise<Map<string, HandEdit>> {
  const edited = states.filter(({ status, editedAt }) => status === 'draft' && editedAt !== null);
  if (edited.length === 0) return new Map();
  const documents = await getDocuments(
    tx,
    edited.map(({ id }) => id),
  );
  const keptById = new Map(edited.map(({ id, editKeptVersion }) => [id, editKeptVersion]));
  return new Map(
    documents.map((document): [string, HandEdit] => [
      document.id,
      {
        by: document.editedBy ?? '',
        at: document.editedAt ?? ('' as Instant),
        keptVersion: keptById.get(document.id) ?? null,
        fields: fieldsInBooks(document),
      },
    ]),
  );
}

/** What the document says, in the words of `documentFields`; the CRM's product of a line is not part of what it says. */
export function fieldsInBooks(document: Document): AppliedFields {
  const money = (amountMinor: bigint) => formatMinor(amountMinor, document.currency);
  const fields: Record<string, string | null> = {
    description: document.description,
    currency: document.currency,
    total: money(document.totalMinor),
    documentDate: document.documentDate,
    dueDate: document.dueDate,
    memo: document.memo,
  };
  for (const line of document.lines) {
    const discount = line.discountPercent !== null ? `${line.discountPercent}%` : money(line.discountMinor);
    fields[`line ${line.position}`] = [
      `${line.quantity} × ${line.unitPrice}`,
      `discount ${discount}`,
      `tax ${money(line.taxMinor)}`,
      money(line.amountMinor),
      `sku ${line.sku ?? 'none'}`,
      line.description,
    ].join(' · ');
  }
  return fields;
}
