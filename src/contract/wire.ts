import { z } from 'zod';

/** Decimal string: money with the currency's decimals, or an exact quantity, price or rate. */
export const decimalWire = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/, 'a decimal such as 12.50')
  .meta({ description: 'Decimal string' });
export const dateWire = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'a day as YYYY-MM-DD')
  .meta({ format: 'date' });
export const instantWire = z.string().meta({ format: 'date-time' });
export const currencyWire = z.string().length(3).meta({ description: 'ISO 4217 code' });
export const idWire = z.uuid();

/** The most rows of one page: more would make a page of documents larger than 1 MB. */
export const pageLimitMax = 200;
export const pageLimitDefault = 50;

export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(pageLimitMax).default(pageLimitDefault),
  /** The cursor that the page before gave as `next`. */
  after: z.string().max(500).optional(),
});

/** A page of a list. `next` is null on the last one; `total` counts all rows that the filter lets through. */
export function pageOf<Row extends z.ZodType>(row: Row) {
  return z.object({ data: z.array(row), next: z.string().nullable(), total: z.number().int() });
}

/** A file as an operation answers it; on the wire it is its bytes alone, and its name a header. */
export const fileWire = z.object({ name: z.string(), bytes: z.instanceof(Uint8Array) });

export const problemWire = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    detail: z.string().nullable(),
    mend: z.string(),
    fields: z.array(z.object({ field: z.string(), message: z.string() })),
    requestId: z.string(),
  })
  .meta({ id: 'Problem' });
export type ProblemWire = z.infer<typeof problemWire>;

export const warningWire = z.object({ code: z.string(), message: z.string() }).meta({ id: 'Warning' });
