import { formatMinor } from '../kernel/money.ts';
import type { DocumentDraft } from '../model/document-draft.ts';

/** The planned document as the API shows it (`plannedDocumentWire`): no ids, for it does not exist. `customerName` is of a known customer. */
export function toWire(draft: DocumentDraft, customerName: string | null): object {
  const money = (amountMinor: bigint) => formatMinor(amountMinor, draft.currency);
  const { customer } = draft;
  return {
    kind: draft.kind,
    currency: draft.currency,
    total: money(draft.totalMinor),
    taxTotal: money(draft.taxMinor),
    documentDate: draft.documentDate,
    dueDate: draft.dueDate,
    description: draft.description,
    memo: draft.memo,
    salesRep: draft.salesRep?.draft ?? null,
    customer: {
      id: customer.action === 'create' ? null : customer.customerId,
      name: customer.draft?.name ?? customerName ?? '',
      sourceId: customer.source.type === 'placeholder' ? null : customer.source.id,
      action: customer.action,
    },
    lines: draft.lines.map((line) => ({
      position: line.position,
      description: line.description,
      sku: line.sku,
      quantity: line.quantity,
      unitPrice: line.unitPrice,
      discountPercent: line.discountPercent,
      discountAmount: money(line.discountMinor),
      tax: money(line.taxMinor),
      amount: money(line.amountMinor),
    })),
    dimensions: draft.dimensions,
    customProperties: draft.customProperties,
  };
}
