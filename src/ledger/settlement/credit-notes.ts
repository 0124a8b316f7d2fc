import { isCurrency } from '../../kernel/currencies.ts';
import type { CalendarDate } from '../../kernel/dates.ts';
import { formatDecimal } from '../../kernel/decimal.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { formatMinor, fromMinor, isAmountInRange } from '../../kernel/money.ts';
import { type AuditContext, appendAuditEntries } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { getEntity } from '../entities.ts';
import type { Entity } from '../entities-store.ts';
import { findDefaultItem } from '../items-store.ts';
import { type PostingOptions, postDocuments } from '../posting.ts';
import { allocateCreditNote, scopeOf, type SettlementOptions } from './allocation.ts';
import {
  type CreditableLine,
  insertCreditNote,
  listCreditableLines,
  type NewCreditNote,
  readCreditableTotal,
} from './credit-notes-store.ts';
import { type CreditPart, creditOfAmount, creditOfLines, wholeCredit } from './credit-parts.ts';
import { mustBeCustomer } from './must-be-customer.ts';
import { lockOpenDocuments, type OpenDocument } from './open-documents-store.ts';
import { positiveAmount } from './positive-amount.ts';
import { settlementDate } from './settlement-date.ts';

export interface CreditRequest {
  readonly reason?: string;
  /** A gross amount over all lines; or lines with net amounts (absent: what is left of the line); neither: everything that is left. */
  readonly amount?: string;
  readonly lines?: readonly { readonly position: number; readonly amount?: string }[];
  /** Posts it at once and uses it on the invoice as far as something is open there. */
  readonly apply?: boolean;
}

export interface FreeCreditRequest {
  readonly entityId: string;
  readonly customerId: string;
  readonly currency: string;
  readonly date?: CalendarDate;
  readonly description: string;
  /** Net amounts and tax, decimal strings. */
  readonly lines: readonly { readonly description: string; readonly amount: string; readonly tax?: string }[];
}

/** Lines of one credit note that a person types. */
const linesMax = 500;

/** What of an invoice can still be credited. Errors: `not_found`, `invalid_request` (no invoice). */
export async function readCreditable(
  tx: Transaction,
  invoiceId: string,
): Promise<{ invoice: OpenDocument; lines: CreditableLine[]; leftMinor: bigint }> {
  const invoice = mustBeInvoice((await lockOpenDocuments(tx, [invoiceId])).get(invoiceId));
  return {
    invoice,
    lines: await listCreditableLines(tx, invoiceId),
    leftMinor: await readCreditableTotal(tx, invoiceId),
  };
}

function mustBeInvoice(document: OpenDocument | undefined): OpenDocument {
  if (!document) throw new TributaryError('not_found', 'There is no such invoice.');
  if (document.kind !== 'invoice') {
    throw new TributaryError('invalid_request', `${document.number ?? 'It'} is no invoice.`);
  }
  return document;
}

/**
 * Drafts a credit note of a posted invoice: whole, by lines or by an amount, at most what its other credit notes have left. A paid
 * invoice can be credited too: the credit is then free to use or to refund. Returns its id. Errors: `not_found`, `invalid_request`,
 * `not_open` (a draft, or reversed), `exceeds_creditable`, `invalid_amount`, and with `apply` those of posting.
 */
export async function creditInvoice(
  tx: Transaction,
  invoiceId: string,
  request: CreditRequest,
  context: AuditContext,
  options: SettlementOptions & PostingOptions = {},
): Promise<string> {
  const { invoice, lines, leftMinor } = await readCreditable(tx, invoiceId);
  if (invoice.status === 'draft' || invoice.status === 'reversed') {
    throw new TributaryError('not_open', `${invoice.number ?? 'It'} is ${invoice.status}.`);
  }
  const entity = await getEntity(tx, invoice.entityId);
  const parts = partsOf(request, lines, invoice.currency);
  const totalMinor = parts.reduce((sum, part) => sum + part.amountMinor + part.taxMinor, 0n);
  if (totalMinor <= 0n || totalMinor > leftMinor) {
    const left = formatMinor(leftMinor, invoice.currency);
    throw new TributaryError(
      'exceeds_creditable',
      leftMinor === 0n
        ? `${invoice.number ?? 'It'} is credited in full already.`
        : `Of ${invoice.number ?? 'it'} ${left} ${invoice.currency} are left to credit; a credit note is of more than zero.`,
    );
  }
  const note: NewCreditNote = {
    id: newId(),
    customerId: invoice.customerId,
    currency: invoice.currency,
    date: settlementDate(options.date, [invoice.date], entity, options.now),
    description: `Credit for ${invoice.number ?? ''}`,
    memo: request.reason?.trim() || null,
    invoiceId,
    lines: parts.map(({ line, amountMinor, taxMinor }) => ({
      creditsPosition: line.position,
      itemId: line.itemId,
      accountId: line.accountId,
      description: line.description,
      sku: line.sku,
      unitPrice: formatDecimal(fromMinor(amountMinor, invoice.currency)),
      amountMinor,
      taxMinor,
    })),
  };
  await insertDraft(tx, entity, note, totalMinor, context);
  if (request.apply) await postAndApply(tx, note.id, invoice, totalMinor, context, options);
  return note.id;
}

function partsOf(request: CreditRequest, lines: readonly CreditableLine[], currency: string): CreditPart[] {
  if (request.amount !== undefined && request.lines !== undefined) {
    throw new TributaryError('invalid_request', 'Give an amount or lines, not both.');
  }
  if (request.amount !== undefined) {
    return creditOfAmount(lines, positiveAmount(request.amount, currency), currency);
  }
  if (request.lines === undefined) return wholeCredit(lines);
  const wanted = request.lines.map(({ position, amount }) => ({
    position,
    amountMinor: amount === undefined ? null : positiveAmount(amount, currency),
  }));
  return creditOfLines(lines, wanted, currency);
}

async function postAndApply(
  tx: Transaction,
  noteId: string,
  invoice: OpenDocument,
  totalMinor: bigint,
  context: AuditContext,
  options: SettlementOptions & PostingOptions,
): Promise<void> {
  const [outcome] = await postDocuments(tx, [noteId], context, options);
  if (outcome?.outcome === 'failed') throw outcome.error;
  const amountMinor = totalMinor < invoice.openMinor ? totalMinor : invoice.openMinor;
  if (amountMinor === 0n) return;
  const amount = formatMinor(amountMinor, invoice.currency);
  await allocateCreditNote(tx, noteId, [{ documentId: invoice.id, amount }], context, options);
}

/**
 * Drafts a credit note that takes back no invoice: goodwill, a rebate. Returns its id. Errors: `not_found` (entity, customer),
 * `unknown_currency`, `invalid_request` (lines, a merged customer), `invalid_amount`, `amount_out_of_range`.
 */
export async function createCreditNote(
  tx: Transaction,
  request: FreeCreditRequest,
  context: AuditContext,
  options: SettlementOptions = {},
): Promise<string> {
  const entity = await getEntity(tx, request.entityId);
  const { currency } = request;
  if (!isCurrency(currency)) throw new TributaryError('unknown_currency', currency);
  await mustBeCustomer(tx, entity.id, request.customerId);
  if (request.lines.length === 0 || request.lines.length > linesMax) {
    throw new TributaryError('invalid_request', `Give 1 to ${linesMax} lines.`);
  }
  const item = await findDefaultItem(tx, scopeOf(entity));
  const lines = request.lines.map((line) => {
    const amountMinor = positiveAmount(line.amount, currency);
    return {
      creditsPosition: null,
      itemId: item?.id ?? null,
      accountId: null,
      description: line.description.trim(),
      sku: null,
      unitPrice: formatDecimal(fromMinor(amountMinor, currency)),
      amountMinor,
      taxMinor: line.tax === undefined || isZeroText(line.tax) ? 0n : positiveAmount(line.tax, currency),
    };
  });
  const totalMinor = lines.reduce((sum, line) => sum + line.amountMinor + line.taxMinor, 0n);
  if (!isAmountInRange(totalMinor)) throw new TributaryError('amount_out_of_range', 'All lines together.');
  const note: NewCreditNote = {
    id: newId(),
    customerId: request.customerId,
    currency,
    date: settlementDate(request.date, [], entity, options.now),
    description: request.description.trim(),
    memo: null,
    invoiceId: null,
    lines,
  };
  await insertDraft(tx, entity, note, totalMinor, context);
  return note.id;
}

const isZeroText = (text: string): boolean => /^0+(\.0*)?$/.test(text.trim());

async function insertDraft(
  tx: Transaction,
  entity: Entity,
  note: NewCreditNote,
  totalMinor: bigint,
  context: AuditContext,
): Promise<void> {
  await insertCreditNote(tx, scopeOf(entity), note, context.actor);
  await appendAuditEntries(tx, context, [
    {
      action: 'credit_note.drafted',
      subjectType: 'document',
      subjectId: note.id,
      before: null,
      after: {
        invoiceId: note.invoiceId,
        total: formatMinor(totalMinor, note.currency),
        currency: note.currency,
        date: note.date,
        reason: note.memo,
      },
    },
  ]);
}
