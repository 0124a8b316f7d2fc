import type { CalendarDate, Instant } from '../kernel/dates.ts';
import type { Transaction } from '../platform/database/database.ts';
import {
  checkLimit,
  decodeCursor,
  type Page,
  type PageRequest,
  toPage,
} from '../platform/database/page-cursor.ts';
import type { EntityScope } from './entity-scope.ts';

/** Base units for one unit of the currency (major units both), from `date` on. */
export interface ExchangeRate {
  readonly currency: string;
  readonly date: CalendarDate;
  /** Decimal string, greater than zero. */
  readonly rate: string;
  /** Who says so: `manual`, or the name of a service. */
  readonly source: string;
}

interface ExchangeRateRow {
  readonly currency: string;
  readonly rate_date: CalendarDate;
  readonly rate: string;
  readonly source: string;
}

const fromRow = (row: ExchangeRateRow): ExchangeRate => ({
  currency: row.currency,
  date: row.rate_date,
  rate: row.rate,
  source: row.source,
});

/** Sets the rate of a day; what was posted keeps the rate that it was posted with. */
export async function upsertExchangeRate(
  tx: Transaction,
  scope: EntityScope,
  rate: ExchangeRate,
  actor: string,
): Promise<void> {
  await tx.execute(
    `INSERT INTO exchange_rates (organization_id, entity_id, currency, rate_date, rate, source, created_by)
     VALUES ($1::uuid, $2::uuid, $3::text, $4::date, $5::numeric, $6::text, $7::text)
     ON CONFLICT (entity_id, currency, rate_date) DO UPDATE SET
       rate = excluded.rate, source = excluded.source, created_at = now(), created_by = excluded.created_by`,
    [scope.organizationId, scope.entityId, rate.currency, rate.date, rate.rate, rate.source, actor],
  );
}

/** Which rates; what is absent does not matter. Days are both included. */
export interface ExchangeRateFilter {
  readonly currency?: string;
  readonly source?: string;
  readonly from?: CalendarDate;
  readonly to?: CalendarDate;
}

const filterSql = `x.entity_id = $1::uuid
       AND ($2::text IS NULL OR x.currency = $2::text)
       AND ($3::text IS NULL OR x.source = $3::text)
       AND ($4::date IS NULL OR x.rate_date >= $4::date)
       AND ($5::date IS NULL OR x.rate_date <= $5::date)`;

const filterValues = (entityId: string, filter: ExchangeRateFilter) => [
  entityId,
  filter.currency ?? null,
  filter.source ?? null,
  filter.from ?? null,
  filter.to ?? null,
];

/** A page of the rates of an entity, the latest first, those of a day by currency. Errors: `invalid_request` (limit, cursor). */
export async function listExchangeRates(
  tx: Transaction,
  entityId: string,
  filter: ExchangeRateFilter = {},
  page: PageRequest = {},
): Promise<Page<ExchangeRate>> {
  const limit = checkLimit(page.limit);
  const after = decodeCursor(page.after, 'rates', ['date', 'text']);
  const rows = await tx.query<ExchangeRateRow>(
    `SELECT x.currency, x.rate_date, x.rate, x.source FROM exchange_rates x
     WHERE ${filterSql}
       AND ($6::date IS NULL OR x.rate_date < $6::date OR (x.rate_date = $6::date AND x.currency > $7::text))
     ORDER BY x.rate_date DESC, x.currency
     LIMIT $8::integer`,
    [...filterValues(entityId, filter), after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  const { data, next } = toPage(rows, limit, 'rates', (row) => [row.rate_date, row.currency]);
  return { data: data.map(fromRow), next };
}

export async function countExchangeRates(
  tx: Transaction,
  entityId: string,
  filter: ExchangeRateFilter = {},
): Promise<number> {
  const [row] = await tx.query<{ count: string }>(
    `SELECT count(*) AS count FROM exchange_rates x WHERE ${filterSql}`,
    filterValues(entityId, filter),
  );
  return Number(row?.count ?? 0);
}

/** The rate of that very day, or null. */
export async function findRateOfDay(
  tx: Transaction,
  entityId: string,
  currency: string,
  date: CalendarDate,
): Promise<ExchangeRate | null> {
  const [row] = await tx.query<ExchangeRateRow>(
    `SELECT x.currency, x.rate_date, x.rate, x.source FROM exchange_rates x
     WHERE x.entity_id = $1::uuid AND x.currency = $2::text AND x.rate_date = $3::date`,
    [entityId, currency, date],
  );
  return row ? fromRow(row) : null;
}

/** What a rate was before it was replaced. */
export interface CorrectedRate extends ExchangeRate {
  readonly setBy: string;
  readonly setAt: Instant;
  readonly replacedAt: Instant;
}

/** More corrections than one rate has; the audit trail has all. */
const correctionsMax = 100;

/** What the rate of a day was before, the latest correction first. */
export async function listRateCorrections(
  tx: Transaction,
  entityId: string,
  currency: string,
  date: CalendarDate,
): Promise<CorrectedRate[]> {
  const rows = await tx.query<
    ExchangeRateRow & { created_by: string; created_at: Instant; replaced_at: Instant }
  >(
    `SELECT c.currency, c.rate_date, c.rate, c.source, c.created_by, c.created_at, c.replaced_at
     FROM exchange_rate_corrections c
     WHERE c.entity_id = $1::uuid AND c.currency = $2::text AND c.rate_date = $3::date
     ORDER BY c.id DESC LIMIT ${correctionsMax}`,
    [entityId, currency, date],
  );
  return rows.map((row) => ({
    ...fromRow(row),
    setBy: row.created_by,
    setAt: row.created_at,
    replacedAt: row.replaced_at,
  }));
}

/**
 * Days that a rate may be old to be taken for a posting. Many firms keep one rate a month or a year, so that a year is allowed; beyond it
 * the currency was forgotten, and posting is refused rather than done at a rate that nobody meant.
 */
export const exchangeRateAgeDaysMax = 366;

/**
 * Days that a closing rate may be old. The longest time without a rate of the ECB's is five days (Easter, Christmas); an older rate
 * is not the rate of the closing day (IAS 21.8 asks for the spot rate at the end of the period).
 */
export const closingRateAgeDaysMax = 7;

export interface WantedRate {
  readonly entityId: string;
  readonly currency: string;
  readonly date: CalendarDate;
}

export const wantedRateKey = ({ entityId, currency, date }: WantedRate): string =>
  `${entityId} ${currency} ${date}`;

export interface FoundRate {
  readonly rate: string;
  /** The day that it is of. */
  readonly date: CalendarDate;
}

/** The latest rate on or before each day and at most `exchangeRateAgeDaysMax` old, by `wantedRateKey`; where there is none the key is absent. */
export async function findExchangeRates(
  tx: Transaction,
  wanted: readonly WantedRate[],
): Promise<Map<string, string>> {
  const found = await findDatedRates(tx, wanted);
  return new Map([...found].map(([key, { rate }]) => [key, rate]));
}

/** `findExchangeRates` with the day of each rate. */
export async function findDatedRates(
  tx: Transaction,
  wanted: readonly WantedRate[],
): Promise<Map<string, FoundRate>> {
  const distinct = [...new Map(wanted.map((rate) => [wantedRateKey(rate), rate])).values()];
  if (distinct.length === 0) return new Map();
  const rows = await tx.query<{
    entity_id: string;
    currency: string;
    wanted_date: CalendarDate;
    rate: string;
    rate_date: CalendarDate;
  }>(
    `SELECT w.entity_id, w.currency, w.wanted_date, found.rate, found.rate_date
     FROM unnest($1::uuid[], $2::text[], $3::date[]) AS w (entity_id, currency, wanted_date)
     CROSS JOIN LATERAL (
       SELECT x.rate, x.rate_date FROM exchange_rates x
       WHERE x.entity_id = w.entity_id AND x.currency = w.currency
         AND x.rate_date BETWEEN w.wanted_date - ${exchangeRateAgeDaysMax} AND w.wanted_date
       ORDER BY x.rate_date DESC LIMIT 1
     ) AS found`,
    [
      distinct.map(({ entityId }) => entityId),
      distinct.map(({ currency }) => currency),
      distinct.map(({ date }) => date),
    ],
  );
  return new Map(
    rows.map((row) => [
      wantedRateKey({ entityId: row.entity_id, currency: row.currency, date: row.wanted_date }),
      { rate: row.rate, date: row.rate_date },
    ]),
  );
}
