import type { CalendarDate } from '../../kernel/dates.ts';
import type { Transaction } from '../../platform/database/database.ts';
import type { EntityScope } from '../entity-scope.ts';
import type { ExchangeRate } from '../exchange-rates-store.ts';

/** The source of rates that a person set one by one; an import leaves them unless it is told not to. */
export const manualRateSource = 'manual';

/** Rows of one statement: its parameters stay within a few megabytes. */
const batchRows = 10_000;

/** Makes imports into the books of one entity follow each other, so that a preview is what is written. */
export async function lockEntity(tx: Transaction, entityId: string): Promise<void> {
  await tx.query('SELECT e.id FROM entities e WHERE e.id = $1::uuid FOR NO KEY UPDATE', [entityId]);
}

/** The rates that there are of these currencies from one day to another, both included. */
export async function readRatesBetween(
  tx: Transaction,
  entityId: string,
  currencies: readonly string[],
  from: CalendarDate,
  to: CalendarDate,
): Promise<ExchangeRate[]> {
  return tx.query<{ currency: string; date: CalendarDate; rate: string; source: string } & ExchangeRate>(
    `SELECT x.currency, x.rate_date AS date, x.rate, x.source FROM exchange_rates x
     WHERE x.entity_id = $1::uuid AND x.currency = ANY ($2::text[]) AND x.rate_date BETWEEN $3::date AND $4::date`,
    [entityId, currencies, from, to],
  );
}

/** Adds and replaces rates; a rate that a person sets meanwhile stays, unless `replaceManual`. */
export async function writeImportedRates(
  tx: Transaction,
  scope: EntityScope,
  rates: readonly ExchangeRate[],
  actor: string,
  replaceManual: boolean,
): Promise<void> {
  for (let start = 0; start < rates.length; start += batchRows) {
    const batch = rates.slice(start, start + batchRows);
    await tx.execute(
      `INSERT INTO exchange_rates (organization_id, entity_id, created_by, currency, rate_date, rate, source)
       SELECT $1::uuid, $2::uuid, $3::text, r.currency, r.rate_date, r.rate, r.source
       FROM unnest($4::text[], $5::date[], $6::numeric[], $7::text[]) AS r (currency, rate_date, rate, source)
       ON CONFLICT (entity_id, currency, rate_date) DO UPDATE SET
         rate = excluded.rate, source = excluded.source, created_at = now(), created_by = excluded.created_by
       WHERE $8::boolean OR exchange_rates.source <> '${manualRateSource}'`,
      [
        scope.organizationId,
        scope.entityId,
        actor,
        batch.map(({ currency }) => currency),
        batch.map(({ date }) => date),
        batch.map(({ rate }) => rate),
        batch.map(({ source }) => source),
        replaceManual,
      ],
    );
  }
}
