import type { CalendarDate } from '../kernel/dates.ts';
import type { Transaction } from '../platform/database/database.ts';
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

/** More rates than a page shows or a person reads; older ones come with an earlier `before`. */
export const exchangeRatesMax = 1000;

/** The latest rates first, at most `exchangeRatesMax`; of one currency, and before a day, where these are given. */
export async function listExchangeRates(
  tx: Transaction,
  entityId: string,
  filter: { readonly currency?: string; readonly before?: CalendarDate } = {},
): Promise<ExchangeRate[]> {
  const rows = await tx.query<ExchangeRateRow>(
    `SELECT x.currency, x.rate_date, x.rate, x.source FROM exchange_rates x
     WHERE x.entity_id = $1::uuid
       AND ($2::text IS NULL OR x.currency = $2::text)
       AND ($3::date IS NULL OR x.rate_date < $3::date)
     ORDER BY x.rate_date DESC, x.currency
     LIMIT ${exchangeRatesMax}`,
    [entityId, filter.currency ?? null, filter.before ?? null],
  );
  return rows.map(fromRow);
}

export interface WantedRate {
  readonly entityId: string;
  readonly currency: string;
  readonly date: CalendarDate;
}

export const wantedRateKey = ({ entityId, currency, date }: WantedRate): string =>
  `${entityId} ${currency} ${date}`;

/** The latest rate on or before each day, by `wantedRateKey`; where there is none the key is absent. */
export async function findExchangeRates(
  tx: Transaction,
  wanted: readonly WantedRate[],
): Promise<Map<string, string>> {
  const distinct = [...new Map(wanted.map((rate) => [wantedRateKey(rate), rate])).values()];
  if (distinct.length === 0) return new Map();
  const rows = await tx.query<{
    entity_id: string;
    currency: string;
    wanted_date: CalendarDate;
    rate: string;
  }>(
    `SELECT w.entity_id, w.currency, w.wanted_date, found.rate
     FROM unnest($1::uuid[], $2::text[], $3::date[]) AS w (entity_id, currency, wanted_date)
     CROSS JOIN LATERAL (
       SELECT x.rate FROM exchange_rates x
       WHERE x.entity_id = w.entity_id AND x.currency = w.currency AND x.rate_date <= w.wanted_date
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
      row.rate,
    ]),
  );
}
