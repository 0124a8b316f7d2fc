import { TributaryError } from '../kernel/errors.ts';
import { formatMinor } from '../kernel/money.ts';
import type { Address } from '../model/document-draft.ts';
import { type AuditContext, appendAuditEntries } from '../platform/audit/audit-store.ts';
import type { Transaction } from '../platform/database/database.ts';
import { type CustomerContact, listCustomerContacts } from './customer-contacts-store.ts';
import {
  type CustomerBalance,
  type CustomerFilter,
  listCustomers,
  readCustomerBalances,
  readSourceLinks,
  type SourceLink,
} from './customer-list-store.ts';
import {
  lockCustomers,
  markCustomerMerged,
  moveContactsToCustomer,
  moveDocumentsToCustomer,
} from './customer-merge-store.ts';
import { moveReceiptsToCustomer } from './settlement/receipts-store.ts';
import { type Customer, getCustomers } from './customers-store.ts';
import type { EntityScope } from './entity-scope.ts';
import type { Page, PageRequest } from '../platform/database/page-cursor.ts';

/** A customer as the page and the API show it. */
export interface CustomerWire {
  readonly id: string;
  readonly entityId: string;
  readonly kind: 'company' | 'person';
  readonly name: string;
  readonly website: string | null;
  readonly industry: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly taxId: string | null;
  readonly address: Address | null;
  readonly termsDays: number | null;
  readonly externalId: string | null;
  readonly taxCodeId: string | null;
  readonly customProperties: Readonly<Record<string, string>>;
  readonly active: boolean;
  readonly mergedInto: string | null;
  readonly version: number;
  readonly contacts: readonly {
    readonly id: string;
    readonly name: string;
    readonly email: string | null;
    readonly phone: string | null;
    readonly sourceId: string | null;
  }[];
  /** Of posted invoices, by currency. */
  readonly balances: readonly {
    readonly currency: string;
    readonly invoiced: string;
    readonly open: string;
  }[];
  /** The CRM records that it is linked to; `sourceId` is the first one's. */
  readonly sourceId: string | null;
  readonly sources: readonly { readonly connector: string; readonly type: string; readonly id: string }[];
}

function customerToWire(
  customer: Customer,
  contacts: readonly CustomerContact[],
  balances: readonly CustomerBalance[],
  links: readonly SourceLink[],
): CustomerWire {
  const { normalizedName: _normalizedName, ...fields } = customer;
  return {
    ...fields,
    contacts: contacts
      .filter(({ customerId }) => customerId === customer.id)
      .map(({ id, name, email, phone, sourceId }) => ({ id, name, email, phone, sourceId })),
    balances: balances
      .filter(({ customerId }) => customerId === customer.id)
      .map(({ currency, invoicedMinor, openMinor }) => ({
        currency,
        invoiced: formatMinor(invoicedMinor, currency),
        open: formatMinor(openMinor, currency),
      })),
    sourceId: links.find(({ targetId }) => targetId === customer.id)?.id ?? null,
    sources: links
      .filter(({ targetId }) => targetId === customer.id)
      .map(({ connector, type, id }) => ({ connector, type, id })),
  };
}

async function withSurroundings(tx: Transaction, customers: readonly Customer[]): Promise<CustomerWire[]> {
  const ids = customers.map(({ id }) => id);
  const contacts = await listCustomerContacts(tx, ids);
  const balances = await readCustomerBalances(tx, ids);
  const links = await readSourceLinks(tx, ids);
  return customers.map((customer) => customerToWire(customer, contacts, balances, links));
}

/** A page of customers by name, with contacts, balances and sources. Errors: `invalid_request` (limit, cursor). */
export async function listCustomersWire(
  tx: Transaction,
  filter: CustomerFilter,
  page: PageRequest = {},
): Promise<Page<CustomerWire>> {
  const { data, next } = await listCustomers(tx, filter, page);
  return { data: await withSurroundings(tx, data), next };
}

/** Errors: `not_found`. */
export async function getCustomerWire(tx: Transaction, customerId: string): Promise<CustomerWire> {
  const [wire] = await withSurroundings(tx, await getCustomers(tx, [customerId]));
  if (!wire) throw new TributaryError('not_found', 'There is no such customer.');
  return wire;
}

/**
 * Merges one customer into another of the same entity: documents and contacts move, the first becomes inactive and remembers where
 * it went. Links are the sync's to move. Returns the number of documents moved. Errors: `not_found`, `invalid_request` (the same
 * customer, or one that was merged already).
 */
export async function mergeCustomers(
  tx: Transaction,
  scope: EntityScope,
  fromCustomerId: string,
  toCustomerId: string,
  context: AuditContext,
): Promise<number> {
  if (fromCustomerId === toCustomerId) {
    throw new TributaryError('invalid_request', 'A customer cannot be merged into itself.');
  }
  await lockCustomers(tx, [fromCustomerId, toCustomerId]);
  const found = await getCustomers(tx, [fromCustomerId, toCustomerId]);
  const customers = found.filter(({ entityId }) => entityId === scope.entityId);
  if (customers.length < 2)
    throw new TributaryError('not_found', 'There is no such customer in this entity.');
  if (customers.some(({ mergedInto }) => mergedInto !== null)) {
    throw new TributaryError('invalid_request', 'One of them was merged into another customer already.');
  }
  const documents = await moveDocumentsToCustomer(tx, scope, fromCustomerId, toCustomerId);
  const contacts = await moveContactsToCustomer(tx, scope, fromCustomerId, toCustomerId);
  const receipts = await moveReceiptsToCustomer(tx, scope, fromCustomerId, toCustomerId);
  await markCustomerMerged(tx, scope, fromCustomerId, toCustomerId);
  await appendAuditEntries(tx, context, [
    {
      action: 'customer.merged',
      subjectType: 'customer',
      subjectId: fromCustomerId,
      after: { into: toCustomerId, documents, contacts, receipts },
    },
  ]);
  return documents;
}
