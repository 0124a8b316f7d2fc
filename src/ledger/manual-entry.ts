import { isCurrency } from '../kernel/currencies.ts';
import { parseCalendarDate } from '../kernel/dates.ts';
import { decimalFromInteger, isNegative, parseDecimal } from '../kernel/decimal.ts';
import { type FieldError, TributaryError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { amountMinorMax, formatMinor, fromMinor, isAmountInRange, toMinor } from '../kernel/money.ts';
import { type AuditContext, appendAuditEntries } from '../platform/audit/audit-store.ts';
import type { Transaction } from '../platform/database/database.ts';
import { type Account, listAccounts } from './accounts-store.ts';
import { toBaseAmounts } from './base-amounts.ts';
import { getEntity } from './entities.ts';
import type { Entity } from './entities-store.ts';
import { findExchangeRates, wantedRateKey } from './exchange-rates-store.ts';
import { groupBy } from './group-by.ts';
import { insertJournalEntries, type NewJournalEntry, type NewJournalLine } from './journal-store.ts';

/** An entry that no person types; a longer one is an import and comes in parts. */
export const manualEntryLinesMax = 500;
const descriptionLengthMax = 1000;

/** As it comes from a form or the API: text, not yet checked. */
export interface ManualEntryRequest {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly description: string;
  readonly lines: readonly ManualEntryLine[];
  /** Meant for a closed period; the caller has made sure that whoever posts it may configure. Absent: no. */
  readonly adjusting?: boolean;
}

export interface ManualEntryLine {
  /** Number or id of the account. */
  readonly account: string;
  /** Absent: the base currency. */
  readonly currency?: string;
  /** Decimal strings in major units; exactly one of them is more than zero. */
  readonly debit?: string;
  readonly credit?: string;
}

interface CheckedLine {
  readonly accountId: string;
  readonly currency: string;
  /** Positive: a debit. */
  readonly amountMinor: bigint;
}

/**
 * Posts a journal entry by hand. Each currency balances by itself; foreign ones are taken to the base at the rate of the day.
 * Returns the id. Errors: `not_found` (entity), `invalid_request` (date, description, number of lines), `account_not_usable`,
 * `unknown_currency`, `invalid_amount`, `amount_out_of_range`, `unbalanced_entry`, `no_exchange_rate`, `unknown_period`,
 * `locked_period`.
 */
export async function postManualEntry(
  tx: Transaction,
  entityId: string,
  request: ManualEntryRequest,
  context: AuditContext,
): Promise<string> {
  const entity = await getEntity(tx, entityId);
  const date = parseCalendarDate(request.date);
  const fields = requestErrors(request, date !== null);
  if (fields.length > 0 || date === null) {
    throw new TributaryError('invalid_request', fields[0]?.message ?? null, { fields });
  }
  const accounts = await listAccounts(tx, entityId);
  const checked = request.lines.map((line, index) => checkLine(line, index + 1, entity, accounts));
  const byCurrency = groupBy(checked, ({ currency }) => currency);
  assertBalanced(byCurrency);
  const foreign = [...byCurrency.keys()].filter((currency) => currency !== entity.baseCurrency);
  const wanted = foreign.map((currency) => ({ entityId, currency, date }));
  const rates = await findExchangeRates(tx, wanted);
  const missing = wanted.find((rate) => !rates.has(wantedRateKey(rate)));
  if (missing) {
    throw new TributaryError(
      'no_exchange_rate',
      `${missing.currency} to ${entity.baseCurrency} on or before ${date}.`,
    );
  }
  const entry: NewJournalEntry = {
    id: newId(),
    entityId,
    date,
    kind: 'manual',
    description: request.description.trim(),
    documentId: null,
    reversesEntryId: null,
    adjusting: request.adjusting ?? false,
    lines: withBaseAmounts(checked, entity, (currency) =>
      rates.get(wantedRateKey({ entityId, currency, date })),
    ),
  };
  await insertJournalEntries(tx, context, [entry]);
  await appendAuditEntries(tx, context, [
    {
      action: 'journal_entry.posted',
      subjectType: 'journal_entry',
      subjectId: entry.id,
      after: {
        date,
        description: entry.description,
        lines: request.lines,
        ...(entry.adjusting ? { adjusting: true } : {}),
      },
    },
  ]);
  return entry.id;
}

function requestErrors(request: ManualEntryRequest, dateIsValid: boolean): FieldError[] {
  const errors: FieldError[] = [];
  if (!dateIsValid) errors.push({ field: 'date', message: 'Give a day as YYYY-MM-DD.' });
  const { length } = request.description.trim();
  if (length === 0 || length > descriptionLengthMax) {
    errors.push({
      field: 'description',
      message: `Say in at most ${descriptionLengthMax} characters what it is for.`,
    });
  }
  if (request.lines.length < 2 || request.lines.length > manualEntryLinesMax) {
    errors.push({ field: 'lines', message: `Give 2 to ${manualEntryLinesMax} lines.` });
  }
  return errors;
}

function checkLine(
  line: ManualEntryLine,
  position: number,
  entity: Entity,
  accounts: readonly Account[],
): CheckedLine {
  const account = accounts.find(({ id, number }) => number === line.account || id === line.account);
  if (!account?.active) {
    const what = account ? 'is inactive' : 'does not exist';
    throw new TributaryError('account_not_usable', `Line ${position}: account ${line.account} ${what}.`);
  }
  const currency = line.currency ?? entity.baseCurrency;
  if (!isCurrency(currency)) throw new TributaryError('unknown_currency', `Line ${position}: ${currency}.`);
  const debitMinor = sideMinor(line.debit, currency, position);
  const creditMinor = sideMinor(line.credit, currency, position);
  if ((debitMinor === 0n) === (creditMinor === 0n)) {
    throw new TributaryError('invalid_amount', `Line ${position}: give either a debit or a credit.`);
  }
  return { accountId: account.id, currency, amountMinor: debitMinor - creditMinor };
}

function sideMinor(text: string | undefined, currency: string, position: number): bigint {
  if (text === undefined || text.trim() === '') return 0n;
  const value = parseDecimal(text);
  if (value === null || isNegative(value)) {
    throw new TributaryError('invalid_amount', `Line ${position}: ${text} is no amount of zero or more.`);
  }
  const amountMinor = toMinor(value, currency, 'toward_zero');
  const decimals = fromMinor(amountMinor, currency);
  if (value.digits * 10n ** BigInt(decimals.scale) !== decimals.digits * 10n ** BigInt(value.scale)) {
    throw new TributaryError(
      'invalid_amount',
      `Line ${position}: ${text} has more decimals than ${currency}.`,
    );
  }
  if (!isAmountInRange(amountMinor)) {
    throw new TributaryError(
      'amount_out_of_range',
      `Line ${position}: at most ${formatMinor(amountMinorMax, currency)}.`,
    );
  }
  return amountMinor;
}

function assertBalanced(byCurrency: ReadonlyMap<string, readonly CheckedLine[]>): void {
  for (const [currency, lines] of byCurrency) {
    const differenceMinor = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
    if (differenceMinor === 0n) continue;
    const [more, less] = differenceMinor > 0n ? ['debits', 'credits'] : ['credits', 'debits'];
    const off = formatMinor(differenceMinor > 0n ? differenceMinor : -differenceMinor, currency);
    throw new TributaryError('unbalanced_entry', `The ${more} exceed the ${less} by ${off} ${currency}.`);
  }
}

/** Each currency as a whole, so that its rounded base amounts balance as the amounts do; the order of lines is kept. */
function withBaseAmounts(
  lines: readonly CheckedLine[],
  entity: Entity,
  rateOf: (currency: string) => string | undefined,
): NewJournalLine[] {
  const baseByLine = new Map<CheckedLine, bigint>();
  for (const [currency, group] of groupBy(lines, (line) => line.currency)) {
    const rate = parseDecimal(rateOf(currency) ?? '') ?? decimalFromInteger(1);
    const amounts = group.map(({ amountMinor }) => amountMinor);
    const base = toBaseAmounts(amounts, currency, entity.baseCurrency, rate);
    for (const [index, line] of group.entries()) baseByLine.set(line, base[index] ?? 0n);
  }
  return lines.map((line) => {
    const baseMinor = baseByLine.get(line) ?? 0n;
    if (!isAmountInRange(baseMinor)) {
      throw new TributaryError('amount_out_of_range', `In ${entity.baseCurrency} at the rate of the day.`);
    }
    return { ...line, baseMinor };
  });
}
