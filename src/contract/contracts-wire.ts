import { z } from 'zod';
import { documentWire } from './books-wire.ts';
import { currencyWire, dateWire, decimalWire, idWire, instantWire, pageOf } from './wire.ts';

export const recognitionMethods = ['immediate', 'daily', 'monthly', 'milestone'] as const;
export type RecognitionMethodWire = (typeof recognitionMethods)[number];
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

export const contractStatuses = ['draft', 'active', 'completed', 'terminated'] as const;

export const schedulePartWire = z
  .object({
    position: z.number().int(),
    /** First day of the month; null: a milestone that is not reached. */
    period: dateWire.nullable(),
    amount: decimalWire,
    milestone: z.string().nullable(),
    /** Of a milestone: its share among the others' of the obligation. */
    weight: z.string().nullable(),
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

export const modificationMethods = ['separate', 'prospective', 'catch_up'] as const;

export const contractChangeWire = z
  .object({
    number: z.number().int(),
    kind: z.enum(['modification', 'termination']),
    method: z.enum(modificationMethods).nullable(),
    /** The first day of a modification, the last day of service of a termination. */
    effectiveOn: dateWire,
    reason: z.string(),
    priceBefore: decimalWire,
    priceAfter: decimalWire,
    createdAt: instantWire,
    createdBy: z.string(),
  })
  .meta({ id: 'ContractChange' });

export const contractWire = z
  .object({
    document: documentWire,
    /** Without tax, after every change. */
    price: decimalWire,
    recognised: decimalWire,
    /** Billed by documents that stand, drafts too, without tax. */
    billed: decimalWire,
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
    /** The last day of service of a terminated one. */
    terminatedOn: dateWire.nullable(),
    changes: z.array(contractChangeWire),
    /** The contract that it goes on from, and the one that goes on from it. */
    renewsId: idWire.nullable(),
    renewalId: idWire.nullable(),
  })
  .meta({ id: 'RevenueContract' });
export type ContractWire = z.infer<typeof contractWire>;

/** A contract in a list; what only an active one has is null for a draft. */
export const contractSummaryWire = z
  .object({
    document: documentWire,
    price: decimalWire,
    serviceStart: dateWire.nullable(),
    serviceEnd: dateWire.nullable(),
    recognised: decimalWire,
    contractLiability: decimalWire,
    contractAsset: decimalWire,
    terminatedOn: dateWire.nullable(),
  })
  .meta({ id: 'RevenueContractSummary' });
export type ContractSummaryWire = z.infer<typeof contractSummaryWire>;

const milestonesWire = z
  .array(z.object({ name: z.string().min(1).max(200), weight: z.number().int().min(1).max(1_000_000) }))
  .min(1)
  .max(100);

const reasonWire = z.string().trim().min(1).max(1000);
const dryRunWire = z
  .boolean()
  .default(false)
  .meta({ description: 'Answer what the contract would be, and change nothing' });

export const modificationWire = z.object({
  date: dateWire.meta({ description: 'The first day on which the change holds' }),
  method: z.enum(modificationMethods).meta({
    description:
      'separate: what is added is a contract of its own at its stand-alone price (IFRS 15.20). prospective: the rest starts anew from the day on (15.21 a). catch_up: the contract goes on as one and what is recognised is corrected (15.21 b)',
  }),
  reason: reasonWire,
  priceChange: decimalWire.max(40).meta({ description: 'Without tax; below zero: less' }),
  taxChange: decimalWire.max(40).optional().meta({ description: 'Absent: as the contract has tax' }),
  obligations: z
    .array(
      z.object({
        position: z.number().int().positive(),
        cancelled: z.boolean().optional().meta({ description: 'Nothing more of it from the day on' }),
        serviceEnd: dateWire.optional(),
        standalone: decimalWire
          .max(40)
          .optional()
          .meta({ description: 'prospective: of what is still to be delivered; catch_up: of the whole' }),
        milestones: milestonesWire.optional().meta({ description: 'Further ones' }),
      }),
    )
    .max(2000)
    .default([]),
  added: z
    .array(
      z.object({
        description: z.string().trim().min(1).max(2000),
        itemId: idWire.optional(),
        quantity: decimalWire.max(40).optional(),
        standalone: decimalWire.max(40),
        recognition: z.enum(recognitionMethods).default('daily'),
        serviceStart: dateWire,
        serviceEnd: dateWire,
        milestones: milestonesWire.optional(),
      }),
    )
    .max(500)
    .default([]),
  billing: z.enum(['spread', 'once']).default('spread').meta({
    description: 'spread: over the bills that are to come; once: one bill, or credit note, of the day',
  }),
  dryRun: dryRunWire,
});

export const terminationWire = z.object({
  lastDay: dateWire.meta({ description: 'The last day of service' }),
  reason: reasonWire,
  settlement: z.enum(['refund', 'forfeit', 'agreed']).meta({
    description:
      'refund: the customer pays what is earned; forfeit: what is billed, should it be more; agreed: `price`',
  }),
  price: decimalWire.max(40).optional(),
  dryRun: dryRunWire,
});

export const renewalWire = z.object({
  start: dateWire.optional().meta({ description: 'Absent: the day after the last day of service' }),
  months: z.number().int().min(1).max(600).optional().meta({ description: 'Absent: as many as it had' }),
  upliftPercent: decimalWire.max(10).optional(),
});

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
        milestones: milestonesWire.optional(),
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

/** What a run would recognise, and what it comes to over all pages. */
export const recognitionPreviewWire = pageOf(duePartWire).extend({
  totals: z.array(currencyAmount),
  contracts: z.number().int(),
});

export const deferredRevenueWire = z.object({
  entityId: idWire,
  from: dateWire,
  to: dateWire,
  data: z.array(
    z.object({
      currency: currencyWire,
      contractLiability: decimalWire,
      contractAsset: decimalWire,
      /** What the journal has on the accounts of contracts; more or less where something else was posted there. */
      journalLiability: decimalWire,
      journalAsset: decimalWire,
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

export const contractBalanceWire = z
  .object({
    contractId: idWire,
    number: z.string(),
    customer: z.string(),
    currency: currencyWire,
    contractLiability: decimalWire,
    contractAsset: decimalWire,
  })
  .meta({ id: 'ContractBalance' });

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
