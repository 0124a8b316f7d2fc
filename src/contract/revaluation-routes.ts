import { z } from 'zod';
import { route } from './route.ts';
import { currencyWire, dateWire, decimalWire, idWire, instantWire, pageOf, pageQuery } from './wire.ts';

export const revaluationFigureWire = z
  .object({
    account: z.string(),
    accountName: z.string(),
    currency: currencyWire,
    /** In the currency; below zero: a credit. */
    balance: decimalWire,
    /** What the books have for it, in the base currency. */
    bookBase: decimalWire,
    /** Null where nothing is left in the currency. */
    rate: decimalWire.nullable(),
    rateDate: dateWire.nullable(),
    newBase: decimalWire,
    difference: decimalWire,
  })
  .meta({ id: 'RevaluationFigure' });

const figuresWire = {
  entityId: idWire,
  date: dateWire,
  baseCurrency: currencyWire,
  figures: z.array(revaluationFigureWire),
  /** Sums of the differences above and below zero, both as positive amounts. */
  gain: decimalWire,
  loss: decimalWire,
};

export const revaluationWire = z
  .object({
    id: idWire,
    ...figuresWire,
    entryId: idWire,
    reversalEntryId: idWire,
    createdAt: instantWire,
    createdBy: z.string(),
    undoneAt: instantWire.nullable(),
    undoneBy: z.string().nullable(),
  })
  .meta({ id: 'Revaluation' });

export const revaluationOutcomes = ['posted', 'replaced', 'withdrawn', 'unchanged', 'nothing'] as const;

export const revaluationPlanWire = z
  .object({
    ...figuresWire,
    /** What posting does (in a preview) or did. `unchanged` and `nothing` write nothing. */
    outcome: z.enum(revaluationOutcomes),
    /** The revaluation of the day that was in force before. */
    formerId: idWire.nullable(),
    /** The one that is in force now. */
    id: idWire.nullable(),
  })
  .meta({ id: 'RevaluationPlan' });

const body = z.object({ entityId: idWire, date: dateWire });
const byId = z.object({ id: idWire });

/** Month-end revaluation of foreign-currency balances. */
export const revaluationRoutes = {
  listRevaluations: route({
    method: 'GET',
    path: '/revaluations',
    tag: 'Books',
    summary: 'Revaluations with their figures, latest day first',
    scope: 'read',
    query: pageQuery.extend({ entityId: idWire.optional() }),
    status: 200,
    response: pageOf(revaluationWire),
    errors: ['not_found'],
  }),
  previewRevaluation: route({
    method: 'POST',
    path: '/revaluations/preview',
    tag: 'Books',
    summary: 'What a revaluation on a day would find and do; nothing is written',
    scope: 'read',
    body,
    status: 200,
    response: revaluationPlanWire,
    errors: ['not_found', 'no_exchange_rate', 'amount_out_of_range'],
  }),
  createRevaluation: route({
    method: 'POST',
    path: '/revaluations',
    tag: 'Books',
    summary:
      'Revalue at the closing rate of a day, reversed on the next; a second time only where figures changed',
    scope: 'post',
    body,
    status: 200,
    response: revaluationPlanWire,
    errors: ['not_found', 'no_exchange_rate', 'amount_out_of_range', 'account_not_usable', 'locked_period'],
  }),
  undoRevaluation: route({
    method: 'POST',
    path: '/revaluations/:id/undo',
    tag: 'Books',
    summary: 'Undo a revaluation by the opposite of its two entries',
    scope: 'post',
    params: byId,
    status: 200,
    response: revaluationWire,
    errors: ['not_found', 'conflict', 'locked_period'],
  }),
} as const;
