import {
  findCustomersByExternalIds,
  findCustomersByNormalizedNames,
  getCustomers,
} from '../ledger/customers-store.ts';
import { normalizeCustomerName } from '../ledger/customer-name.ts';
import { documentStates } from '../ledger/document-drafts-store.ts';
import { findDefaultItem, findItemsBySku } from '../ledger/items-store.ts';
import type { UnreadRecord } from '../connectors/connector.ts';
import { readPlanPeriods } from '../ledger/periods/plan-periods.ts';
import type { CustomerSource } from '../model/document-draft.ts';
import type { Link } from '../model/link.ts';
import type { SourceRecord } from '../model/source-record.ts';
import type { SyncScope } from '../model/sync-scope.ts';
import type { Transaction } from '../platform/database/database.ts';
import { findLinkedCustomers, findLinks, rebuildDocumentLinks } from './apply/links-store.ts';
import { loadHandEdits } from './edited-documents.ts';
import { readField } from './plan/field-source.ts';
import type { Refusal } from './plan/refusal.ts';
import type { BooksSnapshot, CustomerCandidate, DealSnapshot, PlanContext } from './plan/plan-context.ts';
import { customerDraftOf, customerKey, customerSourceOf } from './plan/plan-customer.ts';
import { relatedOf, type StoredRecord } from './pull/source-row.ts';
import { findRelated } from './pull/staging-store.ts';
import { findUnreadAmong } from './pull/unread-store.ts';
import { unreadRefusal } from './unread-refusal.ts';

export interface Batch {
  readonly snapshots: readonly DealSnapshot[];
  readonly books: BooksSnapshot;
}

/** Reads everything that planning these deals needs: a dozen statements whatever the number of deals. */
export async function loadBatch(
  tx: Transaction,
  scope: SyncScope,
  context: PlanContext,
  deals: readonly StoredRecord[],
): Promise<Batch> {
  const related = await loadRelated(tx, scope, deals);
  const unread = await loadUnread(tx, scope, deals, related);
  const links = await findDocumentLinks(tx, scope, deals);
  const states = await documentStates(
    tx,
    [...links.values()].map(({ targetId }) => targetId),
  );
  const edits = await loadHandEdits(tx, states);
  const stateById = new Map(states.map((state) => [state.id, state]));
  const snapshots = deals.map((stored): DealSnapshot => {
    const found = links.get(`deal:${stored.record.id}`);
    const state = found ? stateById.get(found.targetId) : undefined;
    // A document that a person reversed waits like one that was undone: until it is released, or changed in the CRM.
    const link = found && state?.status === 'reversed' ? { ...found, state: 'unsynced' as const } : found;
    const document =
      link && (state || link.state === 'unsynced')
        ? {
            link,
            status: state?.status ?? 'deleted',
            number: state?.number ?? null,
            kind: link.applied.kind ?? 'invoice',
            version: state?.version ?? null,
            edit: edits.get(link.targetId) ?? null,
          }
        : null;
    return {
      ...snapshotOf(stored, related, context),
      document,
      readFailure: refusalOf(unread.get(stored.record.id), context),
    };
  });
  return { snapshots, books: await loadBooks(tx, scope, context, snapshots) };
}

async function findDocumentLinks(
  tx: Transaction,
  scope: SyncScope,
  deals: readonly StoredRecord[],
): Promise<Map<string, Link>> {
  const keyOf = (stored: StoredRecord) => `deal:${stored.record.id}`;
  const links = await findLinks(tx, scope, 'document', deals.map(keyOf));
  const unlinked = deals.filter((stored) => !links.has(keyOf(stored)));
  const rebuilt = await rebuildDocumentLinks(
    tx,
    scope,
    unlinked.map(({ record }) => record.id),
  );
  if (rebuilt === 0) return links;
  return new Map([...links, ...(await findLinks(tx, scope, 'document', unlinked.map(keyOf)))]);
}

/** Related records under the ids that the deals name; one that was merged away stands for its survivor. */
async function loadRelated(
  tx: Transaction,
  scope: SyncScope,
  deals: readonly StoredRecord[],
): Promise<Map<string, SourceRecord>> {
  const keys = deals.flatMap(({ record }) => {
    const { associations, facts } = record;
    const owner = facts.ownerId ? [`owner:${facts.ownerId}`] : [];
    if (!associations) return owner;
    return [
      ...associations.companies.map((id) => `company:${id}`),
      ...associations.contacts.map((id) => `contact:${id}`),
      ...associations.lineItems.map((id) => `line_item:${id}`),
      ...owner,
    ];
  });
  const found = await findRelated(tx, scope, [...new Set(keys)]);
  const products = [...found.values()].flatMap(({ record }) =>
    record.facts.productId ? [`product:${record.facts.productId}`] : [],
  );
  for (const [key, stored] of await findRelated(tx, scope, [...new Set(products)])) found.set(key, stored);
  const survivors = [...found].flatMap(([key, { survivorId, record }]) =>
    survivorId === null ? [] : [{ key, survivor: `${record.type}:${survivorId}` }],
  );
  const surviving = await findRelated(
    tx,
    scope,
    survivors.map(({ survivor }) => survivor),
  );
  for (const { key, survivor } of survivors) {
    const stored = surviving.get(survivor);
    if (stored) found.set(key, stored);
  }
  return new Map([...found].map(([key, { record }]) => [key, record]));
}

/** Of deals that are not whole the unread record that they lack: themselves, or the first one that they use. By the deal's id. */
async function loadUnread(
  tx: Transaction,
  scope: SyncScope,
  deals: readonly StoredRecord[],
  related: ReadonlyMap<string, SourceRecord>,
): Promise<Map<string, UnreadRecord>> {
  const used = deals.flatMap(({ record, hydrated }) => {
    if (hydrated) return [];
    const keys = [`deal:${record.id}`, ...relatedOf(record)];
    const products = keys.flatMap((key) => related.get(key)?.facts.productId ?? []);
    return [{ id: record.id, keys: [...keys, ...products.map((id) => `product:${id}`)] }];
  });
  const unread = await findUnreadAmong(tx, scope, [...new Set(used.flatMap(({ keys }) => keys))]);
  return new Map(
    used.flatMap(({ id, keys }) => {
      const lacking = keys.map((key) => unread.get(key)).find((record) => record !== undefined);
      return lacking ? [[id, lacking] as const] : [];
    }),
  );
}

function refusalOf(unread: UnreadRecord | undefined, context: PlanContext): Refusal | null {
  if (!unread) return null;
  const word = unread.type === 'deal' ? context.dealWord.toLowerCase() : unread.type.replace('_', ' ');
  return unreadRefusal(unread, `${word} ${unread.id}`);
}

function snapshotOf(
  stored: StoredRecord,
  related: ReadonlyMap<string, SourceRecord>,
  context: PlanContext,
): Omit<DealSnapshot, 'document' | 'readFailure'> {
  const { record, survivorId, hydrated } = stored;
  const { associations, facts } = record;
  const pick = (type: string, ids: readonly string[] = []) => {
    const records = ids
      .flatMap((id) => related.get(`${type}:${id}`) ?? [])
      .filter(({ archived }) => !archived);
    return [...new Map(records.map((one) => [one.id, one])).values()];
  };
  const lineItems = pick('line_item', associations?.lineItems);
  const products = new Map<string, SourceRecord>();
  for (const line of lineItems) {
    const id = readField(context.configuration.deals.lines.product, line.properties);
    const product = id === null ? undefined : related.get(`product:${id}`);
    if (id !== null && product) products.set(id, product);
  }
  const primary = associations?.primaryCompany
    ? related.get(`company:${associations.primaryCompany}`)
    : undefined;
  const deal =
    associations && primary
      ? { ...record, associations: { ...associations, primaryCompany: primary.id } }
      : record;
  return {
    deal,
    survivorId,
    hydrated,
    companies: pick('company', associations?.companies),
    contacts: pick('contact', associations?.contacts),
    lineItems,
    products,
    owner: facts.ownerId ? (related.get(`owner:${facts.ownerId}`) ?? null) : null,
  };
}

async function loadBooks(
  tx: Transaction,
  scope: SyncScope,
  context: PlanContext,
  snapshots: readonly DealSnapshot[],
): Promise<BooksSnapshot> {
  const parties = new Map<string, Party>();
  for (const snapshot of snapshots) {
    const chosen = customerSourceOf(snapshot, context);
    if ('source' in chosen) parties.set(customerKey(chosen.source), chosen);
  }
  return {
    ...(await loadParties(tx, scope, context, parties)),
    ...(await loadItems(tx, scope, context, snapshots)),
    periods: await readPlanPeriods(tx, scope.entityId),
  };
}

interface Party {
  readonly source: CustomerSource;
  readonly record: SourceRecord | null;
}

/** What the books know of these companies as customers, and nothing of items: for companies without a deal. */
export async function loadCompanies(
  tx: Transaction,
  scope: SyncScope,
  context: PlanContext,
  companies: readonly SourceRecord[],
): Promise<BooksSnapshot> {
  const parties = new Map(
    companies.map((record): [string, Party] => [
      `company:${record.id}`,
      { source: { type: 'company', id: record.id }, record },
    ]),
  );
  return {
    ...(await loadParties(tx, scope, context, parties)),
    itemLinks: new Map(),
    itemsBySku: new Map(),
    defaultItemId: null,
    periods: { closed: [], reach: null },
  };
}

async function loadParties(
  tx: Transaction,
  scope: SyncScope,
  context: PlanContext,
  parties: ReadonlyMap<string, Party>,
): Promise<Pick<BooksSnapshot, 'customerLinks' | 'customerCandidates' | 'customerTerms'>> {
  const customerLinks = await findLinks(tx, scope, 'customer', [...parties.keys()]);
  const linkedIds = [...customerLinks.values()].map(({ targetId }) => targetId);
  const unlinked = [...parties].filter(([key]) => !customerLinks.has(key));
  const customerCandidates = await loadCandidates(tx, scope, context, unlinked);
  const candidateIds = [...customerCandidates.values()].flat().map(({ customerId }) => customerId);
  const customers = await getCustomers(tx, [...linkedIds, ...candidateIds]);
  const terms = new Map(customers.map((customer) => [customer.id, customer.termsDays]));
  return {
    customerLinks: new Map(
      [...customerLinks].map(([key, { targetId }]) => [
        key,
        { customerId: targetId, termsDays: terms.get(targetId) ?? null },
      ]),
    ),
    customerCandidates,
    customerTerms: terms,
  };
}

/** Customers that fit an unlinked party by the configured rule and that no other party of this CRM account is linked to. */
async function loadCandidates(
  tx: Transaction,
  scope: SyncScope,
  context: PlanContext,
  parties: readonly (readonly [string, Party])[],
): Promise<Map<string, CustomerCandidate[]>> {
  const { matching } = context.configuration.customers;
  if (matching === 'create') return new Map();
  const wanted = new Map<string, string>();
  for (const [key, { source, record }] of parties) {
    const draft = customerDraftOf(source, record, context);
    if ('code' in draft) continue;
    const term = matching === 'external_id' ? draft.externalId : normalizeCustomerName(draft.name);
    if (term !== null) wanted.set(key, term);
  }
  const terms = [...new Set(wanted.values())];
  const found =
    matching === 'external_id'
      ? (await findCustomersByExternalIds(tx, scope, terms)).map(({ id, externalId, name }) => ({
          id,
          term: externalId,
          name,
        }))
      : (await findCustomersByNormalizedNames(tx, scope, terms)).map(({ id, normalizedName, name }) => ({
          id,
          term: normalizedName,
          name,
        }));
  const taken = await findLinkedCustomers(
    tx,
    scope,
    found.map(({ id }) => id),
  );
  const byTerm = new Map<string, CustomerCandidate[]>();
  for (const { id, term, name } of found) {
    if (taken.has(id)) continue;
    byTerm.set(term, [...(byTerm.get(term) ?? []), { customerId: id, name }]);
  }
  return new Map(
    [...wanted].flatMap(([key, term]) => (byTerm.has(term) ? [[key, byTerm.get(term) ?? []] as const] : [])),
  );
}

async function loadItems(
  tx: Transaction,
  scope: SyncScope,
  context: PlanContext,
  snapshots: readonly DealSnapshot[],
): Promise<Pick<BooksSnapshot, 'itemLinks' | 'itemsBySku' | 'defaultItemId'>> {
  const { fields } = context.configuration.products;
  const productIds = new Set<string>();
  const skus = new Set<string>();
  for (const { lineItems, products } of snapshots) {
    for (const line of lineItems) {
      const id = readField(context.configuration.deals.lines.product, line.properties);
      if (id === null) continue;
      const product = products.get(id);
      productIds.add(id);
      skus.add(
        (product
          ? readField(fields.sku, product.properties)
          : readField(context.configuration.deals.lines.sku, line.properties)) ?? `${context.skuPrefix}${id}`,
      );
    }
  }
  const links = await findLinks(
    tx,
    scope,
    'item',
    [...productIds].map((id) => `product:${id}`),
  );
  const items = await findItemsBySku(tx, scope, [...skus]);
  const defaultItem = await findDefaultItem(tx, scope);
  return {
    itemLinks: new Map([...links].map(([key, { targetId }]) => [key.slice('product:'.length), targetId])),
    itemsBySku: new Map(items.map(({ sku, id }) => [sku, id])),
    defaultItemId: defaultItem?.id ?? null,
  };
}
