import type { CalendarDate } from '../kernel/dates.ts';
import { newId } from '../kernel/ids.ts';
import type { CustomerDraft, DocumentDraft, DocumentLineDraft } from '../model/document-draft.ts';
import type { AuditContext } from '../platform/audit/audit-store.ts';
import type { Database } from '../platform/database/database.ts';
import { insertCustomers } from './customers-store.ts';
import type { DocumentDraftRow } from './document-drafts-store.ts';
import { createEntity, type NewEntity } from './entities.ts';
import type { Entity } from './entities-store.ts';
import type { EntityScope } from './entity-scope.ts';
import { findDefaultItem } from './items-store.ts';

/** Books for tests: one entity, one customer, the default item. */
export interface SampleBooks {
  readonly database: Database;
  readonly entity: Entity;
  readonly scope: EntityScope;
  readonly context: AuditContext;
  readonly customerId: string;
  readonly itemId: string;
}

/** Makes an entity (USD, live, UTC unless said otherwise) in an organization that exists. */
export async function openSampleBooks(
  database: Database,
  organizationId: string,
  fields: Partial<NewEntity> = {},
): Promise<SampleBooks> {
  const context: AuditContext = { organizationId, actor: 'user:test' };
  return database.withOrganization(organizationId, async (tx) => {
    const name = fields.name ?? `Entity ${newId()}`;
    // From a fixed day on, so that the days that tests name lie in a fiscal year whatever the day of the test.
    const booksFrom = '2020-01-01' as CalendarDate;
    const draft = { mode: 'live', baseCurrency: 'USD', booksFrom, ...fields, name } as const;
    const entity = await createEntity(tx, draft, context);
    const scope: EntityScope = { organizationId, entityId: entity.id };
    const customerId = newId();
    await insertCustomers(tx, scope, [{ id: customerId, draft: sampleCustomer('Acme Ltd') }]);
    const item = await findDefaultItem(tx, scope);
    return { database, entity, scope, context, customerId, itemId: item?.id ?? '' };
  });
}

export function sampleCustomer(name: string, fields: Partial<CustomerDraft> = {}): CustomerDraft {
  return {
    kind: 'company',
    name,
    website: null,
    industry: null,
    phone: null,
    email: null,
    taxId: null,
    address: null,
    externalId: null,
    customProperties: {},
    ...fields,
  };
}

export function sampleLine(
  itemId: string,
  position: number,
  amountMinor: bigint,
  fields: Partial<DocumentLineDraft> = {},
): DocumentLineDraft {
  return {
    position,
    sourceId: null,
    item: { action: 'use', productId: null, itemId, draft: null },
    description: `Line ${position}`,
    sku: null,
    quantity: '1',
    unitPrice: '1',
    discountPercent: null,
    discountMinor: 0n,
    taxMinor: 0n,
    amountMinor,
    ...fields,
  };
}

/** An invoice of these lines (a bigint stands for the net amount of a line without tax), its totals added up. */
export function sampleDraft(
  books: SampleBooks,
  lines: readonly (bigint | DocumentLineDraft)[],
  fields: Partial<DocumentDraft> = {},
): DocumentDraft {
  const drafts = lines.map((line, index) =>
    typeof line === 'bigint' ? sampleLine(books.itemId, index + 1, line) : line,
  );
  const taxMinor = drafts.reduce((sum, line) => sum + line.taxMinor, 0n);
  return {
    kind: 'invoice',
    currency: books.entity.baseCurrency,
    documentDate: '2026-03-10' as CalendarDate,
    dueDate: '2026-04-09' as CalendarDate,
    description: 'Licences',
    memo: null,
    customer: {
      action: 'use',
      source: { type: 'company', id: '900' },
      customerId: books.customerId,
      draft: null,
    },
    contacts: [],
    salesRep: null,
    lines: drafts,
    totalMinor: drafts.reduce((sum, line) => sum + line.amountMinor, 0n) + taxMinor,
    taxMinor,
    dimensions: {},
    customProperties: {},
    sourceUrl: null,
    warnings: [],
    ...fields,
  };
}

/** The draft with what it points at; made by hand unless a source is given. */
export function sampleDraftRow(
  books: SampleBooks,
  draft: DocumentDraft,
  fields: Partial<DocumentDraftRow> = {},
): DocumentDraftRow {
  return {
    id: newId(),
    draft,
    customerId: books.customerId,
    salesRepId: null,
    lineItemIds: draft.lines.map(() => books.itemId),
    source: null,
    revision: 1,
    ...fields,
  };
}
