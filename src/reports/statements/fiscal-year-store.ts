import { assert } from '../../kernel/assert.ts';
import type { CalendarDate } from '../../kernel/dates.ts';
import type { Transaction } from '../../platform/database/database.ts';

/** The first day of the fiscal year that the day lies in: as the entity keeps it, else as its years begin. */
export async function readFiscalYearStart(
  tx: Transaction,
  entityId: string,
  date: CalendarDate,
): Promise<CalendarDate> {
  const [row] = await tx.query<{ start_date: CalendarDate }>(
    `SELECT coalesce(
       (SELECT y.start_date FROM fiscal_years y
        WHERE y.entity_id = e.id AND y.start_date <= $2::date AND y.end_date >= $2::date),
       (SELECT max(b.begins) FROM (
          SELECT make_date(extract(year FROM $2::date)::integer - g.back, e.fiscal_year_start_month, e.fiscal_year_start_day) AS begins
          FROM generate_series(0, 1) AS g (back)
        ) AS b
        WHERE b.begins <= $2::date)
     ) AS start_date
     FROM entities e WHERE e.id = $1::uuid`,
    [entityId, date],
  );
  assert(row, 'the entity was found before');
  return row.start_date;
}
