import { addDays, type CalendarDate } from '../../kernel/dates.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { planFiscalYear } from './fiscal-calendar.ts';
import { findFiscalReach, listFiscalPeriods } from './periods-store.ts';

/** Which days the books of an entity take, as a plan of documents sees it. */
export interface PlanPeriods {
  /** Closed and locked periods, by day. */
  readonly closed: readonly {
    readonly name: string;
    readonly startDate: CalendarDate;
    readonly endDate: CalendarDate;
  }[];
  /** What the fiscal years reach from and to, the year that is made by itself included; null: the entity has none. */
  readonly reach: { readonly firstDay: CalendarDate; readonly lastDay: CalendarDate } | null;
}

export async function readPlanPeriods(tx: Transaction, entityId: string): Promise<PlanPeriods> {
  const periods = await listFiscalPeriods(tx, entityId);
  const closed = periods
    .filter(({ status }) => status !== 'open')
    .map(({ name, startDate, endDate }) => ({ name, startDate, endDate }));
  const reach = await findFiscalReach(tx, entityId);
  if (!reach) return { closed, reach };
  const { endDate: lastDay } = planFiscalYear(addDays(reach.lastDay, 1));
  return { closed, reach: { firstDay: reach.firstDay, lastDay } };
}
