import { newId } from '../../kernel/ids.ts';
import type { FieldChange } from '../../model/decision.ts';
import type { ContactDraft, CustomerPlan, DocumentDraft, ItemPlan } from '../../model/document-draft.ts';
import type { Link } from '../../model/link.ts';
import type { SyncScope } from '../../model/sync-scope.ts';
import { upsertCustomerContacts } from '../../ledger/customer-contacts-store.ts';
import { getCustomers, insertCustomers, updateCustomers } from '../../ledger/customers-store.ts';
import { insertItems, updateItems } from '../../ledger/items-store.ts';
import { upsertSalesReps } from '../../ledger/sales-reps-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { findLinks, insertLinks, type LinkWrite, updateLinks } from './links-store.ts';
import type { RunRecord } from './run-records-store.ts';

/** How fields become what a link keeps; the plan's own functions, handed in because stages do not import each other. */
export interface Fingerprinting {
  readonly customerFields: (draft: NonNullable<CustomerPlan['draft']>) => Link['applied'];
  readonly itemFields: (draft: NonNullable<ItemPlan['draft']>) => Link['applied'];
  readonly fingerprintOf: (fields: Link['applied']) => string;
  readonly changesBetween: (before: Link['applied'], after: Link['applied']) => FieldChange[];
}

/** Ids in the books by source: parties as `company:1`, products by id, owners by id. */
export interface Masters {
  readonly customers: ReadonlyMap<string, string>;
  readonly items: ReadonlyMap<string, string>;
  readonly salesReps: ReadonlyMap<string, string>;
  /** What was created or updated on the way, for the run's list. */
  readonly records: readonly RunRecord[];
}

/** Makes and updates what the documents of a batch point at. Writes only what differs from what was applied last. */
export async function applyMasters(
  tx: Transaction,
  scope: SyncScope,
  drafts: readonly DocumentDraft[],
  print: Fingerprinting,
): Promise<Masters> {
  const batch = new MasterBatch(tx, scope, print);
  const customers = await batch.applyCustomers(drafts.map(({ customer }) => customer));
  await batch.applyContacts(drafts, customers);
  const items = await batch.applyItems(drafts);
  const salesReps = await batch.applySalesReps(drafts);
  await insertLinks(tx, scope, batch.newLinks);
  await updateLinks(tx, scope, batch.changedLinks);
  return { customers, items, salesReps, records: batch.records };
}

/** Customers alone, for companies without a deal. */
export async function applyCustomers(
  tx: Transaction,
  scope: SyncScope,
  plans: readonly CustomerPlan[],
  print: Fingerprinting,
): Promise<readonly RunRecord[]> {
  const batch = new MasterBatch(tx, scope, print);
  await batch.applyCustomers(plans);
  await insertLinks(tx, scope, batch.newLinks);
  await updateLinks(tx, scope, batch.changedLinks);
  return batch.records;
}

class MasterBatch {
  readonly newLinks: LinkWrite[] = [];
  readonly changedLinks: LinkWrite[] = [];
  /** By `type:id`: a contact can be both a customer and a contact person, and is one record of the run. */
  readonly #records = new Map<string, RunRecord>();
  readonly #tx: Transaction;
  readonly #scope: SyncScope;
  readonly #print: Fingerprinting;

  constructor(tx: Transaction, scope: SyncScope, print: Fingerprinting) {
    this.#tx = tx;
    this.#scope = scope;
    this.#print = print;
  }

  async applyCustomers(customers: readonly CustomerPlan[]): Promise<Map<string, string>> {
    const plans = new Map(customers.map((plan) => [`${plan.source.type}:${plan.source.id}`, plan]));
    const links = await findLinks(this.#tx, this.#scope, 'customer', [...plans.keys()]);
    const ids = new Map<string, string>();
    const creates: { id: string; draft: NonNullable<CustomerPlan['draft']> }[] = [];
    const updates: { id: string; draft: NonNullable<CustomerPlan['draft']> }[] = [];
    for (const [key, plan] of plans) {
      const link = links.get(key);
      const id = plan.action === 'create' ? (link?.targetId ?? newId()) : plan.customerId;
      ids.set(key, id);
      const applied = plan.draft ? this.#print.customerFields(plan.draft) : {};
      const changed = this.#link(key, 'customer', id, link, applied, plan.draft !== null);
      if (plan.action === 'create' && !link) creates.push({ id, draft: plan.draft });
      else if (plan.draft && changed) updates.push({ id, draft: plan.draft });
      if (changed)
        this.#record(
          plan.source.type,
          plan.source.id,
          plan.draft?.name ?? '',
          link === undefined && plan.action === 'create',
          this.#changes(link, applied),
        );
    }
    await insertCustomers(this.#tx, this.#scope, creates);
    await updateCustomers(this.#tx, this.#scope, updates);
    return ids;
  }

  /** A contact of two customers is a contact person of both. */
  async applyContacts(
    drafts: readonly DocumentDraft[],
    customers: ReadonlyMap<string, string>,
  ): Promise<void> {
    const pairs = new Map<string, { customerId: string; contact: ContactDraft }>();
    for (const { contacts, customer } of drafts) {
      const customerId = customers.get(`${customer.source.type}:${customer.source.id}`);
      if (customerId === undefined) continue;
      for (const contact of contacts) pairs.set(`${contact.sourceId} ${customerId}`, { customerId, contact });
    }
    const keys = [...new Set([...pairs.values()].map(({ contact }) => `contact:${contact.sourceId}`))];
    const links = await findLinks(this.#tx, this.#scope, 'contact', keys);
    const writes: { id: string; customerId: string; contact: ContactDraft }[] = [];
    const appliedByKey = new Map<string, Record<string, string | null>>();
    for (const { customerId, contact } of pairs.values()) {
      const key = `contact:${contact.sourceId}`;
      const known = links.get(key)?.applied ?? {};
      const fields = { name: contact.name, email: contact.email, phone: contact.phone };
      const same =
        known[`customer ${customerId}`] === customerId &&
        known.name === fields.name &&
        known.email === fields.email &&
        known.phone === fields.phone;
      if (same) continue;
      writes.push({ id: newId(), customerId, contact });
      appliedByKey.set(key, {
        ...known,
        ...appliedByKey.get(key),
        ...fields,
        [`customer ${customerId}`]: customerId,
      });
    }
    const ids = await upsertCustomerContacts(this.#tx, this.#scope, writes);
    const idByKey = new Map(
      writes.map(({ contact }, index) => [`contact:${contact.sourceId}`, ids[index] ?? '']),
    );
    const nameById = await this.#namesOfCustomers([...appliedByKey.values()]);
    for (const [key, applied] of appliedByKey) {
      const link = links.get(key);
      this.#link(key, 'contact', link?.targetId ?? idByKey.get(key) ?? '', link, applied, true);
      const changes = link
        ? this.#print.changesBetween(contactFields(link.applied, nameById), contactFields(applied, nameById))
        : [];
      this.#record('contact', key.slice('contact:'.length), applied.name ?? '', link === undefined, changes);
    }
  }

  async #namesOfCustomers(contacts: readonly Link['applied'][]): Promise<Map<string, string>> {
    const customers = await getCustomers(this.#tx, [...new Set(contacts.flatMap(customersOf))]);
    return new Map(customers.map(({ id, name }) => [id, name]));
  }

  async applyItems(drafts: readonly DocumentDraft[]): Promise<Map<string, string>> {
    const plans = new Map<string, ItemPlan>();
    for (const { lines } of drafts)
      for (const { item } of lines) if (item.productId !== null) plans.set(item.productId, item);
    const links = await findLinks(
      this.#tx,
      this.#scope,
      'item',
      [...plans.keys()].map((id) => `product:${id}`),
    );
    const ids = new Map<string, string>();
    const creates = [...plans].flatMap(([productId, plan]) => {
      return plan.action === 'create' && !links.has(`product:${productId}`)
        ? [{ id: newId(), draft: plan.draft, productId }]
        : [];
    });
    const made = await insertItems(this.#tx, this.#scope, creates);
    creates.forEach(({ productId }, index) => ids.set(productId, made[index] ?? ''));
    const updates: { id: string; draft: NonNullable<ItemPlan['draft']> }[] = [];
    for (const [productId, plan] of plans) {
      const key = `product:${productId}`;
      const link = links.get(key);
      const id = ids.get(productId) ?? link?.targetId ?? (plan.action === 'use' ? plan.itemId : '');
      ids.set(productId, id);
      const applied = plan.draft ? this.#print.itemFields(plan.draft) : {};
      const changed = this.#link(key, 'item', id, link, applied, plan.draft !== null);
      if (changed && link && plan.draft) updates.push({ id, draft: plan.draft });
      if (changed)
        this.#record(
          'product',
          productId,
          plan.draft?.name ?? '',
          link === undefined,
          this.#changes(link, applied),
        );
    }
    await updateItems(this.#tx, this.#scope, updates);
    return ids;
  }

  async applySalesReps(drafts: readonly DocumentDraft[]): Promise<Map<string, string>> {
    const reps = new Map(
      drafts.flatMap(({ salesRep }) => (salesRep ? [[salesRep.sourceId, salesRep.draft] as const] : [])),
    );
    const links = await findLinks(
      this.#tx,
      this.#scope,
      'sales_rep',
      [...reps.keys()].map((id) => `owner:${id}`),
    );
    const ids = new Map<string, string>();
    const writes: { id: string; ownerId: string; draft: { name: string; email: string | null } }[] = [];
    for (const [ownerId, draft] of reps) {
      const link = links.get(`owner:${ownerId}`);
      if (link) ids.set(ownerId, link.targetId);
      if (link?.fingerprint === this.#print.fingerprintOf({ ...draft })) continue;
      writes.push({ id: link?.targetId ?? newId(), ownerId, draft });
    }
    const written = await upsertSalesReps(this.#tx, this.#scope, writes);
    writes.forEach(({ ownerId, draft, id }, index) => {
      const link = links.get(`owner:${ownerId}`);
      const standing = written[index] ?? id;
      ids.set(ownerId, standing);
      this.#link(`owner:${ownerId}`, 'sales_rep', standing, link, { ...draft }, true);
      this.#record('owner', ownerId, draft.name, link === undefined, this.#changes(link, { ...draft }));
    });
    return ids;
  }

  get records(): RunRecord[] {
    return [...this.#records.values()];
  }

  /** Notes the link's new state; true when it is new or what is applied differs. */
  #link(
    key: string,
    target: LinkWrite['target'],
    targetId: string,
    link: Link | undefined,
    applied: Link['applied'],
    mapped: boolean,
  ): boolean {
    const fingerprint = this.#print.fingerprintOf(applied);
    if (link && (!mapped || (link.fingerprint === fingerprint && link.targetId === targetId))) return false;
    const write: LinkWrite = {
      key,
      target,
      targetId,
      revision: link?.revision ?? 1,
      fingerprint,
      applied,
      sourceVersion: null,
    };
    (link ? this.changedLinks : this.newLinks).push(write);
    return true;
  }

  /** What is new on the record; of one that was made or matched just now nothing was applied before. */
  #changes(link: Link | undefined, applied: Link['applied']): FieldChange[] {
    if (!link || Object.keys(link.applied).length === 0) return [];
    return this.#print.changesBetween(link.applied, applied);
  }

  #record(
    sourceType: string,
    sourceId: string,
    title: string,
    created: boolean,
    changes: readonly FieldChange[],
  ): void {
    const key = `${sourceType}:${sourceId}`;
    const known = this.#records.get(key);
    if (known?.decision === 'create') return;
    const fields = new Set(changes.map(({ field }) => field));
    this.#records.set(key, {
      sourceType,
      sourceId,
      title,
      decision: created ? 'create' : 'update',
      outcome: created ? 'created' : 'updated',
      code: null,
      reason: created ? 'New in the books.' : 'Brought up to the CRM.',
      warnings: [],
      changes: [...(known?.changes.filter(({ field }) => !fields.has(field)) ?? []), ...changes],
      document: null,
      documentId: null,
      currency: null,
      amountMinor: null,
    });
  }
}

const customerField = 'customer ';

/** Ids of the customers that a contact person stands at, out of what its link keeps. */
function customersOf(applied: Link['applied']): string[] {
  return Object.keys(applied)
    .filter((field) => field.startsWith(customerField))
    .map((field) => field.slice(customerField.length));
}

/** Customers that a change of a contact person names: a bookkeeper of a hundred companies would fill the page. */
const customersNamedMax = 5;

/** A contact person for a reader: with the names of its customers instead of their ids. */
function contactFields(applied: Link['applied'], nameById: ReadonlyMap<string, string>): Link['applied'] {
  const { name = null, email = null, phone = null } = applied;
  const customers = customersOf(applied)
    .map((id) => nameById.get(id) ?? id)
    .toSorted();
  const more = customers.length - customersNamedMax;
  const named = customers.slice(0, customersNamedMax).join(', ');
  return { name, email, phone, customers: more > 0 ? `${named} and ${more} more` : named || null };
}
