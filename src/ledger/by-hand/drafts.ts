import { isCurrency } from '../../kernel/currencies.ts';
import { addDays, type CalendarDate, dateInZone, parseCalendarDate } from '../../kernel/dates.ts';
import { type FieldError, TributaryError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { formatMinor, isAmountInRange } from '../../kernel/money.ts';
import { type AuditContext, appendAuditEntries } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { typesOfRole } from '../account-roles.ts';
import { type Account, listAccounts } from '../accounts-store.ts';
import { type Document, getDocument } from '../documents-store.ts';
import { documentToWire } from '../documents-wire.ts';
import { getEntity } from '../entities.ts';
import { type DraftLine, type DraftLineInput, priceDraftLine } from './draft-lines.ts';
import {
  type DraftCustomer,
  type DraftHeading,
  type DraftItem,
  type DraftTotals,
  findDraftCustomer,
  findDraftItems,
  insertDraft,
  type LockedDraft,
  lockDraft,
  replaceDraftLines,
  updateDraft,
} from './drafts-store.ts';
import { listTaxCodes, type TaxCode } from './tax-codes-store.ts';

/** More lines than any invoice that a person types has; each is a row of one insert. */
export const draftLinesMax = 500;

export interface DraftInput {
  readonly customerId: string;
  /** Absent: the entity's base currency. */
  readonly currency?: string | undefined;
  /** Absent: today in the entity's time zone. */
  readonly documentDate?: CalendarDate | undefined;
  /** Absent: by the customer's terms, else the entity's. */
  readonly dueDate?: CalendarDate | undefined;
  readonly description?: string | undefined;
  readonly memo?: string | null | undefined;
  readonly lines: readonly DraftLineInput[];
}

export type DraftChange = Partial<DraftInput>;

const refuse = (field: string, message: string) =>
  new TributaryError('invalid_request', null, { fields: [{ field, message }] });

/**
 * Makes a draft invoice by hand in the customer's entity. Totals are worked out here. Returns it as it stands.
 * Errors: `not_found` (customer, item, tax code), `invalid_request`, `unknown_currency`, `invalid_amount` (negative total),
 * `amount_out_of_range`, `account_not_usable`.
 */
export async function createDraft(
  tx: Transaction,
  input: DraftInput,
  context: AuditContext,
  now: Date = new Date(),
): Promise<Document> {
  const customer = await mustFindCustomer(tx, input.customerId);
  const entity = await getEntity(tx, customer.entityId);
  const documentDate = input.documentDate ?? dateInZone(now, entity.timeZone);
  const dueDate = input.dueDate ?? dueBy(documentDate, customer.termsDays ?? entity.termsDays);
  const heading = headingOf({
    customerId: customer.id,
    currency: input.currency ?? entity.baseCurrency,
    documentDate,
    dueDate,
    description: input.description ?? '',
    memo: input.memo ?? null,
  });
  const scope = { organizationId: context.organizationId, entityId: entity.id };
  const lines = await linesOf(tx, customer, heading.currency, input.lines, null);
  const id = newId();
  await insertDraft(tx, scope, id, { ...heading, ...totalsOf(lines, heading.currency) }, context.actor);
  await replaceDraftLines(tx, scope, id, lines);
  const created = await mustRead(tx, id);
  await appendAuditEntries(tx, context, [
    { action: 'document.created', subjectType: 'document', subjectId: id, after: documentToWire(created) },
  ]);
  return created;
}

/**
 * Changes a draft that still is in the version that the caller has seen. What the change leaves out stays; lines come whole. A draft
 * that a sync made is marked as edited: no later sync writes over it.
 * Errors: as `createDraft`, `document_not_draft`, `conflict` (changed meanwhile, and by whom).
 */
export async function changeDraft(
  tx: Transaction,
  id: string,
  expectedVersion: number,
  change: DraftChange,
  context: AuditContext,
): Promise<Document> {
  const draft = mustBeEditable(await lockDraft(tx, id), expectedVersion);
  const before = await mustRead(tx, id);
  const customer = await mustFindCustomer(tx, change.customerId ?? draft.customerId, change.customerId);
  if (customer.entityId !== draft.entityId) {
    throw refuse('customerId', 'The customer belongs to another entity than the draft.');
  }
  const heading = headingOf({
    customerId: customer.id,
    currency: change.currency ?? draft.currency,
    documentDate: change.documentDate ?? draft.documentDate,
    dueDate: change.dueDate ?? draft.dueDate,
    description: change.description ?? draft.description,
    memo: change.memo === undefined ? draft.memo : change.memo,
  });
  if (heading.currency !== draft.currency && change.lines === undefined) {
    throw refuse('lines', 'Give the lines too: their amounts are of the other currency.');
  }
  const scope = { organizationId: context.organizationId, entityId: draft.entityId };
  if (change.lines === undefined) {
    await updateDraft(tx, id, heading, null, context.actor);
  } else {
    const lines = await linesOf(
      tx,
      customer,
      heading.currency,
      change.lines,
      draft.isFromSource ? before : null,
    );
    await updateDraft(tx, id, heading, totalsOf(lines, heading.currency), context.actor);
    await replaceDraftLines(tx, scope, id, lines);
  }
  const after = await mustRead(tx, id);
  await appendAuditEntries(tx, { ...context, connectionId: before.connectionId }, [
    {
      action: 'document.updated',
      subjectType: 'document',
      subjectId: id,
      before: documentToWire(before),
      after: documentToWire(after),
    },
  ]);
  return after;
}

async function mustRead(tx: Transaction, id: string): Promise<Document> {
  const document = await getDocument(tx, id);
  if (!document) throw new TributaryError('not_found', 'There is no such document.');
  return document;
}

function mustBeEditable(draft: LockedDraft | null, expectedVersion: number): LockedDraft {
  if (!draft) throw new TributaryError('not_found', 'There is no such document.');
  if (draft.status !== 'draft') throw new TributaryError('document_not_draft', `It is ${draft.status}.`);
  if (draft.contractId !== null) {
    throw new TributaryError(
      'invalid_request',
      'It bills a contract: change the contract, or delete the draft.',
    );
  }
  if (draft.kind !== 'invoice') {
    throw new TributaryError('invalid_request', `A ${draft.kind.replace('_', ' ')} cannot be edited here.`);
  }
  if (draft.version !== expectedVersion) {
    throw new TributaryError('conflict', `${draft.updatedBy} changed the draft on ${draft.updatedAt}.`);
  }
  return draft;
}

/** A customer that is chosen now has to be active; one that the draft has already may have been deactivated since. */
async function mustFindCustomer(
  tx: Transaction,
  id: string,
  chosen: string | undefined = id,
): Promise<DraftCustomer> {
  const customer = await findDraftCustomer(tx, id);
  if (!customer) throw new TributaryError('not_found', 'There is no such customer.');
  if (!customer.active && chosen !== undefined) {
    throw refuse('customerId', 'The customer is inactive: choose another one.');
  }
  return customer;
}

function dueBy(documentDate: CalendarDate, termsDays: number): CalendarDate {
  const due = parseCalendarDate(addDays(documentDate, termsDays));
  if (!due) throw refuse('documentDate', 'The due date would be after the year 9999.');
  return due;
}

function headingOf(heading: DraftHeading): DraftHeading {
  if (!isCurrency(heading.currency)) throw new TributaryError('unknown_currency', heading.currency);
  if (heading.dueDate < heading.documentDate) {
    throw refuse('dueDate', 'The due date is before the document date.');
  }
  const memo = heading.memo?.trim() ?? '';
  return { ...heading, description: heading.description.trim(), memo: memo === '' ? null : memo };
}

function totalsOf(lines: readonly DraftLine[], currency: string): DraftTotals {
  const taxMinor = lines.reduce((sum, line) => sum + line.taxMinor, 0n);
  const totalMinor = lines.reduce((sum, line) => sum + line.amountMinor, 0n) + taxMinor;
  if (!isAmountInRange(totalMinor) || !isAmountInRange(taxMinor)) {
    throw new TributaryError('amount_out_of_range', `The total is ${formatMinor(totalMinor, currency)}.`);
  }
  if (totalMinor < 0n) {
    throw new TributaryError(
      'invalid_amount',
      `The total is negative, ${formatMinor(totalMinor, currency)} ${currency}: that is a credit note.`,
    );
  }
  return { totalMinor, taxMinor };
}

/** What lines can name, of one entity. */
interface LineBooks {
  readonly items: ReadonlyMap<string, DraftItem>;
  readonly taxCodes: ReadonlyMap<string, TaxCode>;
  readonly accounts: readonly Account[];
}

/** The lines with their amounts. `synced`: the draft of a sync that they replace; its lines keep SKU, CRM tax and inactive codes. */
async function linesOf(
  tx: Transaction,
  customer: DraftCustomer,
  currency: string,
  inputs: readonly DraftLineInput[],
  synced: Document | null,
): Promise<DraftLine[]> {
  if (inputs.length === 0) throw refuse('lines', 'Give at least one line.');
  if (inputs.length > draftLinesMax) throw refuse('lines', `Give at most ${draftLinesMax} lines.`);
  const { entityId } = customer;
  const itemIds = inputs.flatMap(({ itemId }) => itemId ?? []);
  const books: LineBooks = {
    items: new Map((await findDraftItems(tx, entityId, itemIds)).map((item) => [item.id, item])),
    taxCodes: new Map((await listTaxCodes(tx, entityId)).map((code) => [code.id, code])),
    accounts: await listAccounts(tx, entityId),
  };
  const errors: FieldError[] = [];
  const lines: DraftLine[] = [];
  inputs.forEach((input, index) => {
    const field = `lines.${index}`;
    if (input.tax !== undefined && synced === null) {
      errors.push({ field: `${field}.tax`, message: 'Choose a tax code: it works the tax out.' });
    }
    const priced = priceDraftLine(input, referencesOf(input, customer, books, field), index + 1, currency);
    if ('position' in priced) lines.push(keepSku(priced, synced));
    else errors.push(...priced);
  });
  if (errors.length > 0) throw new TributaryError('invalid_request', null, { fields: errors });
  return lines;
}

/** A line of the CRM shows the SKU that it had there. */
function keepSku(line: DraftLine, synced: Document | null): DraftLine {
  const former = synced?.lines.find(({ sourceId }) => sourceId !== null && sourceId === line.sourceId);
  if (!former) return { ...line, sourceId: null };
  return former.itemId === line.itemId ? { ...line, sku: former.sku } : line;
}

function referencesOf(input: DraftLineInput, customer: DraftCustomer, books: LineBooks, field: string) {
  const item = typeof input.itemId === 'string' ? books.items.get(input.itemId) : null;
  if (item === undefined) throw refuse(`${field}.itemId`, 'There is no such item in this entity.');
  return {
    item,
    taxCode: taxCodeOf(input, customer, item, books, field),
    accountId:
      typeof input.account === 'string' ? incomeAccountOf(input.account, books.accounts, field) : null,
  };
}

/** The line's own code, else the customer's, else the item's. An inactive one is no default, and cannot be chosen. */
function taxCodeOf(
  input: DraftLineInput,
  customer: DraftCustomer,
  item: DraftItem | null,
  books: LineBooks,
  field: string,
): TaxCode | null {
  if (typeof input.taxCodeId === 'string') {
    const chosen = books.taxCodes.get(input.taxCodeId);
    if (!chosen?.active)
      throw refuse(`${field}.taxCodeId`, 'There is no such active tax code in this entity.');
    return chosen;
  }
  if (input.taxCodeId === null || input.tax !== undefined) return null;
  const fallback = books.taxCodes.get(customer.taxCodeId ?? item?.taxCodeId ?? '');
  return fallback?.active === true ? fallback : null;
}

function incomeAccountOf(number: string, accounts: readonly Account[], field: string): string {
  const account = accounts.find((one) => one.number === number);
  if (!account?.active || !typesOfRole.income.includes(account.type)) {
    throw new TributaryError('account_not_usable', `${field}: ${number} is no active income account.`);
  }
  return account.id;
}
