import { isCurrency, minorDigitsOf } from '../../kernel/currencies.ts';
import type { CalendarDate } from '../../kernel/dates.ts';
import { decimalFromInteger, formatDecimal, parseDecimal } from '../../kernel/decimal.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { divideRounded, formatMinor, isAmountInRange } from '../../kernel/money.ts';
import { type AuditContext, appendAuditEntries } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { listAccounts } from '../accounts-store.ts';
import { toBaseAmounts } from '../base-amounts.ts';
import { getEntity } from '../entities.ts';
import type { Entity } from '../entities-store.ts';
import { findExchangeRates, wantedRateKey } from '../exchange-rates-store.ts';
import { insertJournalEntries, type NewJournalEntry } from '../journal-store.ts';
import { takeNumbers } from '../number-series-store.ts';
import { type Allocation, lockOpenInvoices, oldestFirst, scopeOf, wantedAllocations } from './allocation.ts';
import { mustBeCustomer } from './must-be-customer.ts';
import { lockOpenDocuments, type OpenDocument } from './open-documents-store.ts';
import { positiveAmount } from './positive-amount.ts';
import { insertReceipt, type NewReceipt, type ReceiptMethod } from './receipts-store.ts';
import { type RoleAccounts, readRoleAccounts } from './role-accounts.ts';
import { prepareSettlements, recordSettlements, type WantedSettlement } from './settle.ts';

const referenceLengthMax = 200;

export interface ReceiptRequest {
  readonly entityId: string;
  readonly customerId: string;
  /** ISO 4217. */
  readonly currency: string;
  /** Decimal string, more than zero. */
  readonly amount: string;
  readonly receivedOn: CalendarDate;
  /** Number or id of an asset account; absent: the one of the role `bank`. */
  readonly bankAccount?: string;
  readonly method?: ReceiptMethod;
  readonly reference?: string;
  /** What the bank credited in the base currency, for a receipt in another one; absent: the rate of the day. */
  readonly bankAmount?: string;
  /** Invoices that it pays at once, or `oldest_first`; absent: none, everything stays unapplied. */
  readonly allocations?: readonly Allocation[] | 'oldest_first';
}

interface Valued {
  readonly baseMinor: bigint;
  readonly exchangeRate: string;
}

/**
 * Records money that came in: bank against customer prepayments, and from there to the invoices that are named, all or nothing.
 * Returns the id. Errors: `not_found` (entity, customer, invoice), `unknown_currency`, `invalid_amount`, `amount_out_of_range`,
 * `no_exchange_rate`, `account_not_usable`, `invalid_request` (reference, a merged customer), and those of an allocation.
 */
export async function recordReceipt(
  tx: Transaction,
  request: ReceiptRequest,
  context: AuditContext,
): Promise<string> {
  const entity = await getEntity(tx, request.entityId);
  const { currency } = request;
  if (!isCurrency(currency)) throw new TributaryError('unknown_currency', currency);
  if ((request.reference ?? '').length > referenceLengthMax) {
    throw new TributaryError('invalid_request', `A reference has at most ${referenceLengthMax} characters.`);
  }
  const amountMinor = positiveAmount(request.amount, currency);
  const customer = await mustBeCustomer(tx, entity.id, request.customerId);
  const { documents, wanted } = await wantedOf(tx, request, amountMinor);
  const accounts = await readRoleAccounts(tx, entity.id);
  const { baseMinor, exchangeRate } = await valueOf(tx, request, amountMinor, entity);
  const draft: Omit<NewReceipt, 'number'> & { number: null } = {
    id: newId(),
    entityId: entity.id,
    customerId: request.customerId,
    number: null,
    status: 'posted',
    currency,
    amountMinor,
    baseMinor,
    exchangeRate,
    unappliedMinor: amountMinor,
    unappliedBaseMinor: baseMinor,
    receivedOn: request.receivedOn,
    bankAccountId: await bankAccountOf(tx, entity.id, request.bankAccount, accounts),
    prepaymentAccountId: accounts('customer_prepayments'),
    method: request.method ?? 'bank_transfer',
    reference: request.reference?.trim() || null,
    entryId: newId(),
  };
  const prepared = prepareSettlements(entity.id, wanted, { documents, receipt: draft, accounts });
  await insertJournalEntries(tx, context, [receiptEntry(draft, customer.name), ...prepared.entries]);
  const [number = ''] = await takeNumbers(tx, entity.id, 'receipt', 1);
  const { unappliedMinor, unappliedBaseMinor } = prepared.receipt ?? draft;
  const receipt: NewReceipt = { ...draft, number, unappliedMinor, unappliedBaseMinor };
  await insertReceipt(tx, scopeOf(entity), receipt, context.actor);
  await appendAuditEntries(tx, context, [
    {
      action: 'receipt.posted',
      subjectType: 'receipt',
      subjectId: receipt.id,
      before: null,
      after: {
        number,
        customerId: receipt.customerId,
        amount: formatMinor(amountMinor, currency),
        currency,
        receivedOn: receipt.receivedOn,
        exchangeRate,
        reference: receipt.reference,
        entryId: receipt.entryId,
      },
    },
  ]);
  await recordSettlements(tx, scopeOf(entity), prepared, context);
  return receipt.id;
}

async function wantedOf(
  tx: Transaction,
  request: ReceiptRequest,
  amountMinor: bigint,
): Promise<{ documents: Map<string, OpenDocument>; wanted: WantedSettlement[] }> {
  const { allocations = [], receivedOn } = request;
  const dateOf = (invoice: OpenDocument): CalendarDate =>
    invoice.date > receivedOn ? invoice.date : receivedOn;
  const how = { kind: 'receipt', creditNoteId: null, dateOf } as const;
  if (allocations === 'oldest_first') {
    const { documents, oldest } = await lockOpenInvoices(tx, request);
    const wanted = oldestFirst(amountMinor, oldest).map((part) => ({
      ...part,
      kind: how.kind,
      creditNoteId: null,
      date: oldest.filter(({ id }) => id === part.documentId).map(dateOf)[0] ?? receivedOn,
      reason: null,
    }));
    return { documents, wanted };
  }
  if (allocations.length === 0) return { documents: new Map(), wanted: [] };
  const documents = await lockOpenDocuments(
    tx,
    allocations.map(({ documentId }) => documentId),
  );
  return { documents, wanted: wantedAllocations(allocations, request, documents, how) };
}

function receiptEntry(receipt: Omit<NewReceipt, 'number'>, customerName: string): NewJournalEntry {
  const { currency, amountMinor, baseMinor } = receipt;
  const title = `Receipt from ${customerName}`;
  return {
    id: receipt.entryId,
    entityId: receipt.entityId,
    date: receipt.receivedOn,
    kind: 'receipt',
    description: receipt.reference === null ? title : `${title}: ${receipt.reference}`,
    documentId: null,
    reversesEntryId: null,
    lines: [
      { accountId: receipt.bankAccountId, currency, amountMinor, baseMinor },
      { accountId: receipt.prepaymentAccountId, currency, amountMinor: -amountMinor, baseMinor: -baseMinor },
    ],
  };
}

/** Errors: `account_not_usable`. */
export async function bankAccountOf(
  tx: Transaction,
  entityId: string,
  wanted: string | undefined,
  accounts: RoleAccounts,
): Promise<string> {
  if (wanted === undefined) return accounts('bank');
  const account = (await listAccounts(tx, entityId)).find(
    ({ id, number }) => id === wanted || number === wanted,
  );
  if (!account?.active || account.type !== 'asset') {
    throw new TributaryError('account_not_usable', `${wanted} is no active asset account of this entity.`);
  }
  return account.id;
}

/** Decimals of a rate that is worked out from two amounts. */
const rateScale = 10;

async function valueOf(
  tx: Transaction,
  request: ReceiptRequest,
  amountMinor: bigint,
  entity: Entity,
): Promise<Valued> {
  const { currency, receivedOn, bankAmount } = request;
  if (currency === entity.baseCurrency) {
    if (bankAmount !== undefined && positiveAmount(bankAmount, currency) !== amountMinor) {
      throw new TributaryError(
        'invalid_request',
        `A receipt in ${currency}, the base currency, has one amount: leave the bank amount out.`,
      );
    }
    return { baseMinor: amountMinor, exchangeRate: '1' };
  }
  if (bankAmount === undefined) return atRateOfDay(tx, entity, currency, amountMinor, receivedOn);
  const baseMinor = positiveAmount(bankAmount, entity.baseCurrency);
  const digits = divideRounded(
    baseMinor * 10n ** BigInt(rateScale + minorDigitsOf(currency)),
    amountMinor * 10n ** BigInt(minorDigitsOf(entity.baseCurrency)),
    'half_away_from_zero',
  );
  // A rate of nothing is refused by the database; the smallest one that can be written stands for it.
  return {
    baseMinor,
    exchangeRate: formatDecimal({ digits: digits === 0n ? 1n : digits, scale: rateScale }),
  };
}

/** An amount in the base currency at the latest rate on or before the day. Errors: `no_exchange_rate`, `amount_out_of_range`. */
export async function atRateOfDay(
  tx: Transaction,
  entity: Entity,
  currency: string,
  amountMinor: bigint,
  date: CalendarDate,
): Promise<Valued> {
  if (currency === entity.baseCurrency) return { baseMinor: amountMinor, exchangeRate: '1' };
  const wanted = { entityId: entity.id, currency, date };
  const rate = (await findExchangeRates(tx, [wanted])).get(wantedRateKey(wanted));
  if (rate === undefined) {
    throw new TributaryError(
      'no_exchange_rate',
      `${currency} to ${entity.baseCurrency} on or before ${date}.`,
    );
  }
  const factor = parseDecimal(rate) ?? decimalFromInteger(1);
  const [baseMinor = 0n] = toBaseAmounts([amountMinor], currency, entity.baseCurrency, factor);
  if (!isAmountInRange(baseMinor)) {
    throw new TributaryError('amount_out_of_range', `In ${entity.baseCurrency} at a rate of ${rate}.`);
  }
  return { baseMinor, exchangeRate: rate };
}
