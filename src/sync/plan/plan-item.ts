import type { ItemDraft, ItemPlan } from '../../model/document-draft.ts';
import type { SourceRecord } from '../../model/source-record.ts';
import { parseDecimal } from '../../kernel/decimal.ts';
import { readField } from './field-source.ts';
import type { BooksSnapshot, PlanContext, PlanOverlay } from './plan-context.ts';
import { type Refusal, refusal } from './refusal.ts';

/** A line's product: its id in the CRM and the product record, where it still exists there. */
export interface LineProduct {
  readonly id: string;
  readonly record: SourceRecord | null;
  /** What the line itself says, for a product that is gone. */
  readonly fallbackName: string;
  readonly fallbackSku: string | null;
}

/** The item of a line. Products with one SKU share one item; a line without a product takes the default item. */
export function planItem(
  product: LineProduct | null,
  position: number,
  context: PlanContext,
  books: BooksSnapshot,
  overlay: PlanOverlay,
): ItemPlan | Refusal {
  const { noProduct, itemMissing } = context.configuration.deals.lines;
  if (!product) {
    if (noProduct === 'fail') return refusal('product_id_missing', { position: String(position) });
    if (!books.defaultItemId) return refusal('item_not_found', { position: String(position) });
    return { action: 'use', productId: null, itemId: books.defaultItemId, draft: null };
  }
  const planned = overlay.items.get(product.id);
  if (planned) return planned;
  const draft = itemDraftOf(product, context);
  const linkedId = books.itemLinks.get(product.id);
  const itemId = linkedId ?? books.itemsBySku.get(draft.sku);
  const sameSku = overlay.itemsBySku.get(draft.sku);
  let plan: ItemPlan;
  if (itemId) {
    const updates =
      context.configuration.products.enabled && product.record !== null && linkedId !== undefined;
    plan = { action: 'use', productId: product.id, itemId, draft: updates ? draft : null };
  } else if (sameSku?.action === 'create') {
    plan = { ...sameSku, productId: product.id };
  } else if (itemMissing === 'fail') {
    return refusal('item_not_found', { position: String(position) });
  } else {
    plan = { action: 'create', productId: product.id, draft };
  }
  overlay.items.set(product.id, plan);
  if (!sameSku) overlay.itemsBySku.set(draft.sku, plan);
  return plan;
}

/** A line without a product is a service, as the default item is. */
export function itemKindOf(product: LineProduct | null, context: PlanContext): 'service' | 'goods' {
  const { fields } = context.configuration.products;
  if (!product) return 'service';
  const type = readField(fields.type, product.record?.properties ?? {});
  return (type === null ? undefined : fields.kinds[type]) ?? fields.defaultKind;
}

function itemDraftOf(product: LineProduct, context: PlanContext): ItemDraft {
  const { fields } = context.configuration.products;
  const properties = product.record?.properties ?? {};
  const price = readField(fields.unitPrice, properties);
  const sku = readField(fields.sku, properties) ?? (product.record ? null : product.fallbackSku);
  return {
    sku: sku ?? `${context.skuPrefix}${product.id}`,
    name: readField(fields.name, properties) ?? product.fallbackName,
    description: readField(fields.description, properties),
    kind: itemKindOf(product, context),
    unitPrice: price !== null && parseDecimal(price) ? price : null,
  };
}
