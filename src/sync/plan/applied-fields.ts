import { contentHash } from '../../kernel/hash.ts';
import { formatMinor } from '../../kernel/money.ts';
import type { FieldChange } from '../../model/decision.ts';
import type { CustomerDraft, DocumentDraft, ItemDraft } from '../../model/document-draft.ts';

/** Mapped values by field as wire text: what a link keeps as applied, and what two plans are compared by. */
export type AppliedFields = Readonly<Record<string, string | null>>;

/** Fields whose name starts with `$` are kept for decisions and are not part of what the document says. */
const notPartOfTheDocument = (field: string) => field.startsWith('$');

/** What of the draft stands on the document. The stage is kept beside it: it tells whether the CRM moved the deal. */
export function documentFields(draft: DocumentDraft, stageId: string | null): AppliedFields {
  const money = (amountMinor: bigint) => formatMinor(amountMinor, draft.currency);
  const fields: Record<string, string | null> = {
    $stage: stageId,
    kind: draft.kind,
    customer: `${draft.customer.source.type}:${draft.customer.source.id}`,
    description: draft.description,
    currency: draft.currency,
    total: money(draft.totalMinor),
    documentDate: draft.documentDate,
    dueDate: draft.dueDate,
    memo: draft.memo,
    salesRep: draft.salesRep
      ? `${draft.salesRep.draft.name}${draft.salesRep.draft.email ? ` <${draft.salesRep.draft.email}>` : ''}`
      : null,
  };
  for (const line of draft.lines) {
    const product = line.item.productId ?? 'none';
    const discount = line.discountPercent !== null ? `${line.discountPercent}%` : money(line.discountMinor);
    fields[`line ${line.position}`] = [
      `${line.quantity} × ${line.unitPrice}`,
      `discount ${discount}`,
      `tax ${money(line.taxMinor)}`,
      money(line.amountMinor),
      `product ${product}`,
      `sku ${line.sku ?? 'none'}`,
      ...(line.serviceStart
        ? [`service ${line.serviceStart} to ${line.serviceEnd ?? ''}, ${line.recognition ?? ''}`]
        : []),
      line.description,
    ].join(' · ');
  }
  for (const [name, value] of Object.entries(draft.dimensions)) fields[`dimension ${name}`] = value;
  for (const [name, value] of Object.entries(draft.customProperties)) fields[`custom ${name}`] = value;
  return fields;
}

export function customerFields(draft: CustomerDraft): AppliedFields {
  const { address, customProperties, ...plain } = draft;
  const fields: Record<string, string | null> = { ...plain };
  for (const [name, value] of Object.entries(address ?? {})) fields[`address ${name}`] = value;
  for (const [name, value] of Object.entries(customProperties)) fields[`custom ${name}`] = value;
  return fields;
}

export function itemFields(draft: ItemDraft): AppliedFields {
  return { ...draft };
}

export function fingerprintOf(fields: AppliedFields): string {
  return contentHash(
    Object.fromEntries(Object.entries(fields).filter(([field]) => !notPartOfTheDocument(field))),
  );
}

/** The fields that differ, in the order of their names. */
export function changesBetween(before: AppliedFields, after: AppliedFields): FieldChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => !notPartOfTheDocument(name))
    .sort();
  return names
    .filter((name) => (before[name] ?? null) !== (after[name] ?? null))
    .map((field) => ({ field, before: before[field] ?? null, after: after[field] ?? null }));
}
