import { z } from 'zod';
import { currencyTotalWire } from './books-wire.ts';
import { currencyWire, dateWire, idWire } from './wire.ts';

/** More in one request would take minutes; a narrower filter posts a part of them. */
export const postedDraftsMax = 10_000;
/** More than anybody mends before trying again. */
export const postingFailuresMax = 100;

/** Which drafts to post, as the list of documents is filtered. */
export const draftChoiceWire = z.object({
  entityId: idWire.optional(),
  mode: z.enum(['live', 'test']).optional(),
  kind: z.enum(['invoice', 'credit_note']).optional(),
  connectionId: idWire.optional(),
  disputed: z.enum(['true', 'false']).optional(),
  currency: currencyWire.optional(),
  customerId: idWire.optional(),
  sourceId: z.string().max(100).optional(),
  from: dateWire.optional(),
  to: dateWire.optional(),
  q: z.string().max(200).optional(),
  expectedCount: z.number().int().min(1).max(postedDraftsMax).meta({
    description: 'How many drafts the caller has seen. Where it is another number by now, nothing is posted.',
  }),
});

export const draftsPostedWire = z
  .object({
    posted: z.number().int(),
    failed: z.number().int(),
    /** Of the posted ones. */
    totals: z.array(currencyTotalWire),
    /** The first of those that could not be posted; they are drafts still. */
    failures: z
      .array(
        z.object({
          id: idWire,
          description: z.string(),
          customer: z.string(),
          code: z.string(),
          message: z.string(),
          mend: z.string(),
        }),
      )
      .max(postingFailuresMax),
  })
  .meta({ id: 'DraftsPosted' });
