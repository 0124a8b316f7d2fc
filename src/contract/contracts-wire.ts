import { z } from 'zod';
import { documentWire } from './books-wire.ts';
import { currencyWire, dateWire, decimalWire, idWire, instantWire } from './wire.ts';

export const recognitionMethods = ['immediate', 'daily', 'monthly', 'milestone'] as const;
export const billingPlans = [
  'up_front',
  'monthly_advance',
  'quarterly_advance',
  'annual_advance',
  'monthly_arrears',
  'quarterly_arrears',
  'annual_arrears',
  'custom',
] as const;

export const schedulePartWire = z
  .object({
    position: z.number().int(),
    /** First day of the month; null: a milestone that is not reached. */
    period: dateWire.nullable(),
    amount: decimalWire,
    milestone: z.string().nullable(),
    reachedOn: dateWire.nullable(),
    recognised: z.boolean(),
  })
  .meta({ id: 'SchedulePart' });

export const obligationWire = z
  .object({
    position: z.number().int(),
    description: z.string(),
    quantity: decimalWire,
    standalone: decimalWire,
    allocated: decimalWire,
    recognised: decimalWire,
    recognition: z.enum(recognitionMethods),
    serviceStart: dateWire,
    serviceEnd: dateWire,
    schedule: z.array(schedulePartWire),
  })
  .meta({ id: 'PerformanceObligation' });

export const contractWire = z
  .object({
    document: documentWire,
    price: decimalWire,
    recognised: decimalWire,
    /** Billed ahead of revenue, or zero. */
    contractLiability: decimalWire,
    /** Revenue ahead of billing, or zero. */
    contractAsset: decimalWire,
    obligations: z.array(obligationWire),
    billings: z.array(
      z.object({
        position: z.number().int(),
        date: dateWire,
        amount: decimalWire,
        tax: decimalWire,
        documentId: idWire.nullable(),
        documentNumber: z.string().nullable(),
        documentStatus: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'RevenueContract' });

export const activationWire = z.object({
  billing: z.enum(billingPlans).default('up_front'),
  billings: z
    .array(z.object({ date: dateWire, amount: decimalWire }))
    .max(600)
    .optional(),
  lines: z
    .array(
      z.object({
        position: z.number().int().positive(),
        recognition: z.enum(recognitionMethods).optional(),
        serviceStart: dateWire.optional(),
        serviceEnd: dateWire.optional(),
        standalone: decimalWire.optional(),
        milestones: z
          .array(
            z.object({ name: z.string().min(1).max(200), weight: z.number().int().min(1).max(1_000_000) }),
          )
          .min(1)
          .max(100)
          .optional(),
      }),
    )
    .max(2000)
    .optional(),
});

const currencyAmount = z.object({ currency: currencyWire, amount: decimalWire });

export const recognitionRunWire = z
  .object({
    id: idWire,
    entityId: idWire,
    period: dateWire,
    date: dateWire,
    createdAt: instantWire,
    createdBy: z.string(),
    undone: z.boolean(),
    obligations: z.number().int(),
    totals: z.array(currencyAmount),
  })
  .meta({ id: 'RecognitionRun' });

export const duePartWire = z
  .object({
    contractId: idWire,
    contractNumber: z.string(),
    customer: z.string(),
    obligation: z.string(),
    period: dateWire,
    amount: decimalWire,
    currency: currencyWire,
  })
  .meta({ id: 'DueRevenue' });

export const deferredRevenueWire = z.object({
  entityId: idWire,
  from: dateWire,
  to: dateWire,
  data: z.array(
    z.object({
      currency: currencyWire,
      contractLiability: decimalWire,
      contractAsset: decimalWire,
      months: z.array(
        z.object({
          month: dateWire,
          opening: decimalWire,
          billed: decimalWire,
          recognised: decimalWire,
          closing: decimalWire,
        }),
      ),
    }),
  ),
});

export const remainingObligationWire = z.object({
  entityId: idWire,
  data: z.array(
    z.object({
      currency: currencyWire,
      month: dateWire.nullable(),
      amount: decimalWire,
      obligations: z.number().int(),
    }),
  ),
});
