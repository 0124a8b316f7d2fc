import { z } from 'zod';
import { accountTypes } from './books-wire.ts';
import { currencyWire, dateWire, decimalWire, idWire, instantWire, warningWire } from './wire.ts';

/** open: everything; closed: closing, revaluation and adjusting entries; locked: nothing. */
export const periodStatuses = ['open', 'closed', 'locked'] as const;

export const fiscalPeriodWire = z
  .object({
    id: idWire,
    entityId: idWire,
    fiscalYearId: idWire,
    /** From 1 within the year. */
    position: z.number().int(),
    name: z.string(),
    startDate: dateWire,
    endDate: dateWire,
    status: z.enum(periodStatuses),
    /** Who set the status last, when and why; null: it is as it was made. */
    statusAt: instantWire.nullable(),
    statusBy: z.string().nullable(),
    statusReason: z.string().nullable(),
  })
  .meta({ id: 'FiscalPeriod' });
export type FiscalPeriodWire = z.infer<typeof fiscalPeriodWire>;

export const fiscalYearWire = z
  .object({
    id: idWire,
    entityId: idWire,
    name: z.string(),
    startDate: dateWire,
    endDate: dateWire,
    /** The year-end close; null: not closed, or reopened. */
    closedAt: instantWire.nullable(),
    closedBy: z.string().nullable(),
    closeReason: z.string().nullable(),
    /** Something stands on income or expense accounts: also after a close, when entries have come since. */
    hasUnclosedResult: z.boolean(),
    periods: z.array(fiscalPeriodWire),
  })
  .meta({ id: 'FiscalYear' });
export type FiscalYearWire = z.infer<typeof fiscalYearWire>;

export const closingLineWire = z
  .object({
    account: z.string(),
    accountName: z.string(),
    type: z.enum(accountTypes),
    currency: currencyWire,
    debit: decimalWire,
    credit: decimalWire,
    baseDebit: decimalWire,
    baseCredit: decimalWire,
  })
  .meta({ id: 'ClosingLine' });

export const yearClosePreviewWire = z
  .object({
    year: z.object({ id: idWire, name: z.string(), endDate: dateWire }),
    /** The base currency. */
    currency: currencyWire,
    /** Profit is positive. */
    result: decimalWire,
    /** Not empty: the close asks for `confirm`. */
    warnings: z.array(warningWire),
    /** Empty: there is nothing to close. */
    lines: z.array(closingLineWire),
    /** Open periods that are closed with the year. */
    periods: z.array(z.object({ id: idWire, name: z.string() })),
  })
  .meta({ id: 'YearClosePreview' });
