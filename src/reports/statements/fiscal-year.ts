import type { CalendarDate } from '../../kernel/dates.ts';
import type { Transaction } from '../../platform/database/database.ts';

/** The first day of the fiscal year that the day lies in. Every entity has calendar years. */
export async function readFiscalYearStart(
  _tx: Transaction,
  _entityId: string,
  date: CalendarDate,
): Promise<CalendarDate> {
  return `${date.slice(0, 4)}-01-01` as CalendarDate;
}
