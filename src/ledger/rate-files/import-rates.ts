import { createHash } from 'node:crypto';
import { isCurrency } from '../../kernel/currencies.ts';
import type { CalendarDate } from '../../kernel/dates.ts';
import { compare, formatDecimal, parseDecimal, zero } from '../../kernel/decimal.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { type AuditContext, appendAuditEntries } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { getEntity } from '../entities.ts';
import type { ExchangeRate } from '../exchange-rates-store.ts';
import type { RateFileFormat, RateFileRow } from './rate-file.ts';
import { lockEntity, manualRateSource, readRatesBetween, writeImportedRates } from './rate-import-store.ts';
import { readRateFile } from './read-rate-file.ts';

/** Rows that a preview shows and an audit entry names; the counts are of all. */
export const shownRowsMax = 500;
const auditedRowsMax = 100;

export interface RateImportRequest {
  readonly content: string;
  /** Only rates from that day on. */
  readonly from?: CalendarDate;
  /** Only these; absent: all that the file has. */
  readonly currencies?: readonly string[];
  /** True: also rates that a person set are replaced. */
  readonly replaceManual?: boolean;
}

/** `kept`: a rate that a person set stays. `unchanged`: the same rate stands there already. */
export type RateImportOutcome = 'added' | 'replaced' | 'kept' | 'unchanged';

export interface RateImportRow {
  readonly line: number;
  readonly currency: string;
  readonly date: CalendarDate;
  readonly rate: string;
  readonly outcome: RateImportOutcome;
  /** What stands there before the import; null: nothing. */
  readonly before: { readonly rate: string; readonly source: string } | null;
}

export interface RateImport {
  readonly format: RateFileFormat;
  readonly source: string;
  readonly counts: Readonly<Record<RateImportOutcome, number>>;
  readonly currencies: readonly string[];
  readonly from: CalendarDate | null;
  readonly to: CalendarDate | null;
  /** What changes or is kept first, then the rest; the newest first; at most `shownRowsMax`. */
  readonly rows: readonly RateImportRow[];
  readonly unknownCurrencies: readonly string[];
  readonly daysWithoutBase: number;
}

/** What `importExchangeRates` would do: the same way, and nothing written. Errors: the same. */
export async function previewRateImport(
  tx: Transaction,
  entityId: string,
  request: RateImportRequest,
): Promise<RateImport> {
  return (await planImport(tx, entityId, request)).result;
}

/**
 * Imports a file of rates into the books of an entity, all of it or nothing. A rate of the same day and currency is replaced, and kept as
 * a correction; one that a person set stays unless `replaceManual`. One audit entry. Errors: `not_found` (entity),
 * `invalid_rate_file` (with lines and columns), `unknown_currency` (in `currencies`).
 */
export async function importExchangeRates(
  tx: Transaction,
  entityId: string,
  request: RateImportRequest,
  context: AuditContext,
): Promise<RateImport> {
  await lockEntity(tx, entityId);
  const { result, changed } = await planImport(tx, entityId, request);
  const { format, source, counts, currencies, from, to } = result;
  if (changed.length === 0) return result;
  const rates = changed.map(({ currency, date, rate }): ExchangeRate => ({ currency, date, rate, source }));
  const scope = { organizationId: context.organizationId, entityId };
  await writeImportedRates(tx, scope, rates, context.actor, request.replaceManual ?? false);
  const replaced = changed.filter(({ outcome }) => outcome === 'replaced').slice(0, auditedRowsMax);
  const named = replaced.map(({ currency, date, rate, before }) => ({ currency, date, rate, before }));
  await appendAuditEntries(tx, context, [
    {
      action: 'exchange_rates.imported',
      subjectType: 'entity',
      subjectId: entityId,
      before:
        replaced.length === 0
          ? null
          : named.map(({ currency, date, before }) => ({ currency, date, ...before })),
      after: {
        format,
        source,
        counts,
        currencies,
        from,
        to,
        fileSha256: createHash('sha256').update(request.content).digest('hex'),
        replaced: named.map(({ currency, date, rate }) => ({ currency, date, rate })),
      },
    },
  ]);
  return result;
}

async function planImport(
  tx: Transaction,
  entityId: string,
  request: RateImportRequest,
): Promise<{ readonly result: RateImport; readonly changed: readonly RateImportRow[] }> {
  const entity = await getEntity(tx, entityId);
  const unknown = request.currencies?.find((code) => !isCurrency(code));
  if (unknown !== undefined) throw new TributaryError('unknown_currency', unknown);
  const file = readRateFile(request.content, entity.baseCurrency);
  const wanted = file.rows.filter(
    ({ currency, date }) =>
      (request.from === undefined || date >= request.from) &&
      (request.currencies === undefined || request.currencies.includes(currency)),
  );
  const { currencies, from, to } = spanOf(wanted);
  const before = new Map(
    from === null || to === null
      ? []
      : (await readRatesBetween(tx, entityId, currencies, from, to)).map((rate) => [keyOf(rate), rate]),
  );
  const rows = wanted.map((row) => planRow(row, before.get(keyOf(row)), request.replaceManual ?? false));
  const counts = { added: 0, replaced: 0, kept: 0, unchanged: 0 };
  for (const { outcome } of rows) counts[outcome] += 1;
  return {
    result: {
      format: file.format,
      source: file.format === 'csv' ? 'csv' : 'ecb',
      counts,
      currencies,
      from,
      to,
      rows: shownRows(rows),
      unknownCurrencies: file.unknownCurrencies,
      daysWithoutBase: file.daysWithoutBase.length,
    },
    changed: rows.filter(({ outcome }) => outcome === 'added' || outcome === 'replaced'),
  };
}

const keyOf = ({ currency, date }: { readonly currency: string; readonly date: string }): string =>
  `${currency} ${date}`;

function spanOf(rows: readonly RateFileRow[]) {
  let from: CalendarDate | null = null;
  let to: CalendarDate | null = null;
  const currencies = new Set<string>();
  for (const { currency, date } of rows) {
    currencies.add(currency);
    if (from === null || date < from) from = date;
    if (to === null || date > to) to = date;
  }
  return { currencies: [...currencies].sort(), from, to };
}

function planRow(row: RateFileRow, before: ExchangeRate | undefined, replaceManual: boolean): RateImportRow {
  const same = before !== undefined && compare(parseDecimal(before.rate) ?? zero, row.rate) === 0;
  const isKept = before?.source === manualRateSource && !replaceManual;
  const outcome = before === undefined ? 'added' : same ? 'unchanged' : isKept ? 'kept' : 'replaced';
  return {
    line: row.line,
    currency: row.currency,
    date: row.date,
    rate: formatDecimal(row.rate),
    outcome,
    before: before === undefined ? null : { rate: before.rate, source: before.source },
  };
}

const placeOfOutcome: Readonly<Record<RateImportOutcome, number>> = {
  replaced: 0,
  kept: 1,
  added: 2,
  unchanged: 3,
};

function shownRows(rows: readonly RateImportRow[]): RateImportRow[] {
  return [...rows]
    .sort(
      (left, right) =>
        placeOfOutcome[left.outcome] - placeOfOutcome[right.outcome] ||
        (left.date < right.date ? 1 : left.date > right.date ? -1 : 0) ||
        (left.currency < right.currency ? -1 : 1),
    )
    .slice(0, shownRowsMax);
}
