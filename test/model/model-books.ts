import type { AccountType } from '../../src/ledger/accounts-store.ts';
import type { AuditContext } from '../../src/platform/audit/audit-store.ts';
import type { Round } from './model-money.ts';

/**
 * The books as a bookkeeper with paper and pencil would keep them. Types alone come from the program: every figure, status and number
 * is worked out here. Ids are the program's, so that the two can be laid side by side.
 */
export interface ModelBooks {
  readonly organizationId: string;
  readonly context: AuditContext;
  /** The time of every call. */
  readonly now: Date;
  readonly round: Round;
  readonly entities: readonly ModelEntity[];
  readonly documents: ModelDocument[];
  readonly receipts: ModelReceipt[];
  readonly settlements: ModelSettlement[];
  readonly entries: ModelEntry[];
  readonly revaluations: ModelRevaluation[];
}

export interface ModelAccount {
  readonly id: string;
  readonly number: string;
  readonly type: AccountType;
  active: boolean;
}

export interface ModelTaxCode {
  readonly id: string;
  readonly code: string;
  /** Thousandths of a percent. */
  readonly rate: bigint;
  readonly account: string;
}

export interface ModelItem {
  readonly id: string;
  readonly sku: string;
  readonly incomeAccount: string | null;
  readonly taxCode: ModelTaxCode | null;
  readonly isDefault: boolean;
}

export interface ModelCustomer {
  readonly id: string;
  readonly name: string;
  readonly entity: ModelEntity;
  readonly taxCode: ModelTaxCode | null;
  mergedInto: ModelCustomer | null;
}

export type ModelPeriodStatus = 'open' | 'closed' | 'locked';

export interface ModelPeriod {
  readonly id: string;
  readonly start: string;
  readonly end: string;
  status: ModelPeriodStatus;
}

export interface ModelYear {
  readonly id: string;
  readonly start: string;
  readonly end: string;
  closed: boolean;
}

export type ModelNumbered = 'invoice' | 'credit_note' | 'receipt';

export interface ModelEntity {
  readonly id: string;
  readonly name: string;
  readonly base: string;
  readonly accounts: ModelAccount[];
  readonly taxCodes: ModelTaxCode[];
  readonly items: ModelItem[];
  readonly customers: ModelCustomer[];
  readonly periods: ModelPeriod[];
  readonly years: ModelYear[];
  /** By currency and day. */
  readonly rates: Map<string, Map<string, string>>;
  readonly taken: Record<ModelNumbered, number>;
  /** Of accounts, items and customers that were made on the way, so that each has a name of its own. */
  made: number;
}

export interface ModelLine {
  readonly account: string;
  readonly currency: string;
  /** Debits are positive. */
  readonly amount: bigint;
  readonly base: bigint;
  readonly document: ModelDocument | null;
}

export interface ModelEntry {
  readonly entity: ModelEntity;
  readonly day: string;
  readonly kind: string;
  readonly lines: readonly ModelLine[];
  reversed: boolean;
  /** The entry that took it back. */
  takenBackBy?: ModelEntry;
}

export interface ModelDocumentLine {
  readonly item: ModelItem | null;
  readonly account: string | null;
  readonly amount: bigint;
  readonly tax: bigint;
  readonly taxCode: ModelTaxCode | null;
  /** Of a credit note: which line of the invoice it takes back, counted from zero. */
  readonly credits: number | null;
}

export interface ModelDocument {
  readonly id: string;
  readonly name: string;
  readonly entity: ModelEntity;
  readonly kind: 'invoice' | 'credit_note';
  customer: ModelCustomer;
  currency: string;
  day: string;
  due: string;
  lines: readonly ModelDocumentLine[];
  readonly credits: ModelDocument | null;
  number: string | null;
  status: string;
  open: bigint;
  /** What the books carry the open amount at. */
  openBase: bigint;
  disputed: boolean;
  deleted: boolean;
  posting: ModelEntry | null;
}

export interface ModelReceipt {
  readonly id: string;
  readonly entity: ModelEntity;
  customer: ModelCustomer;
  readonly currency: string;
  readonly amount: bigint;
  readonly day: string;
  readonly number: string;
  readonly entry: ModelEntry;
  status: 'posted' | 'reversed';
  left: bigint;
  leftBase: bigint;
}

export interface ModelSettlement {
  id: string;
  readonly kind: 'receipt' | 'credit_note' | 'write_off' | 'refund';
  readonly entity: ModelEntity;
  readonly receipt: ModelReceipt | null;
  readonly note: ModelDocument | null;
  readonly invoice: ModelDocument | null;
  readonly amount: bigint;
  readonly sourceBase: bigint;
  readonly targetBase: bigint;
  readonly day: string;
  readonly entry: ModelEntry;
  undone: boolean;
}

export interface ModelRevaluation {
  readonly id: string;
  readonly entity: ModelEntity;
  readonly day: string;
  readonly figures: string;
  readonly entry: ModelEntry;
  readonly back: ModelEntry;
  undone: boolean;
}

export const totalOf = (document: Pick<ModelDocument, 'lines'>): bigint =>
  document.lines.reduce((total, line) => total + line.amount + line.tax, 0n);

export const isPosted = ({ status, deleted }: ModelDocument): boolean =>
  !deleted && status !== 'draft' && status !== 'reversed';

export const standingDocuments = (books: ModelBooks): ModelDocument[] =>
  books.documents.filter(({ deleted }) => !deleted);

export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

export const latest = (...days: readonly string[]): string => days.reduce((a, b) => (b > a ? b : a), '');

export const periodOf = (entity: ModelEntity, day: string): ModelPeriod | undefined =>
  entity.periods.find(({ start, end }) => start <= day && day <= end);

/** What an entry says of itself to the month that it would lie in. */
export interface Dated {
  readonly kind: string;
  readonly adjusting?: boolean;
  readonly reverses?: string;
}

const endsPeriods = new Set(['closing', 'revaluation']);

/** Why the month of the day does not take the entry, or null: an open one takes everything, a closed one what ends it. */
export function refusalOfDay(entity: ModelEntity, day: string, entry: Dated): string | null {
  const period = periodOf(entity, day);
  if (!period) return 'unknown_period';
  if (period.status === 'open') return null;
  const ends = endsPeriods.has(entry.kind) || endsPeriods.has(entry.reverses ?? '');
  return period.status === 'closed' && (ends || entry.adjusting === true) ? null : 'locked_period';
}

/** The newest rate on or before the day that is not older than so many days; the base currency itself is at one. */
export function rateOn(entity: ModelEntity, currency: string, day: string, ageDaysMax = 366): string | null {
  if (currency === entity.base) return '1';
  const days = [...(entity.rates.get(currency)?.keys() ?? [])]
    .filter((of) => of <= day && of >= addDays(day, -ageDaysMax))
    .toSorted();
  return entity.rates.get(currency)?.get(days.at(-1) ?? '') ?? null;
}

export function book(
  books: ModelBooks,
  entity: ModelEntity,
  day: string,
  kind: string,
  lines: readonly ModelLine[],
): ModelEntry {
  const entry = { entity, day, kind, lines, reversed: false };
  books.entries.push(entry);
  return entry;
}

export const line = (
  account: string,
  currency: string,
  amount: bigint,
  base: bigint,
  document: ModelDocument | null = null,
): ModelLine => ({ account, currency, amount, base, document });

/** Books the opposite of an entry. */
export function takeBack(books: ModelBooks, entry: ModelEntry, day: string, kind = 'reversal'): ModelEntry {
  entry.reversed = true;
  const lines = entry.lines.map((one) => ({ ...one, amount: -one.amount, base: -one.base }));
  entry.takenBackBy = book(books, entry.entity, day, kind, lines);
  return entry.takenBackBy;
}

const prefixes: Readonly<Record<ModelNumbered, string>> = {
  invoice: 'INV-',
  credit_note: 'CN-',
  receipt: 'RCT-',
};

export function takeNumber(entity: ModelEntity, kind: ModelNumbered): string {
  entity.taken[kind] += 1;
  return `${prefixes[kind]}${entity.taken[kind].toString().padStart(6, '0')}`;
}
