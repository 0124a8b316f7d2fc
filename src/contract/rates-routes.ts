import { z } from 'zod';
import { route } from './route.ts';
import { currencyWire, dateWire, decimalWire, idWire, instantWire } from './wire.ts';

/** The ECB's whole history as XML (8 MB) escaped as a JSON text; what is in it may be at most 16 MB. */
const importBodyBytesMax = 20 * 1024 * 1024;

const rateOfSource = z.object({ rate: decimalWire, source: z.string() });

export const rateImportOutcomes = ['added', 'replaced', 'kept', 'unchanged'] as const;

export const rateImportWire = z
  .object({
    format: z.enum(['csv', 'ecb_csv', 'ecb_xml']),
    /** What the rates get as their source. */
    source: z.string(),
    /** `kept`: a rate set by hand stays. */
    counts: z.object({
      added: z.number().int(),
      replaced: z.number().int(),
      kept: z.number().int(),
      unchanged: z.number().int(),
    }),
    currencies: z.array(z.string()),
    from: dateWire.nullable(),
    to: dateWire.nullable(),
    /** At most 500: replaced, kept, added, unchanged, each newest first. */
    rows: z.array(
      z.object({
        line: z.number().int(),
        currency: currencyWire,
        date: dateWire,
        /** Units of the base currency for one unit. */
        rate: decimalWire,
        outcome: z.enum(rateImportOutcomes),
        before: rateOfSource.nullable(),
      }),
    ),
    /** Codes of an ECB file that are no currency any more; their rates are left out. */
    unknownCurrencies: z.array(z.string()),
    /** Days of an ECB file without a rate of the base currency; their rates are left out. */
    daysWithoutBase: z.number().int(),
  })
  .meta({ id: 'RateImport' });

const importBody = z.object({
  entityId: idWire,
  /** The text of the file: columns date, currency and rate, or eurofxref in XML or CSV as the ECB publishes it. */
  content: z.string().min(1),
  from: dateWire.optional(),
  currencies: z.array(currencyWire).min(1).max(200).optional(),
  /** True: rates that were set by hand are replaced too. */
  replaceManual: z.boolean().default(false),
});

/** Exchange rates from files, and what rates were before. */
export const ratesRoutes = {
  previewExchangeRateImport: route({
    method: 'POST',
    path: '/exchange-rates/import/preview',
    tag: 'Books',
    summary: 'What an import of rates would add, replace and keep; nothing is written',
    scope: 'configure',
    body: importBody,
    bodyBytesMax: importBodyBytesMax,
    status: 200,
    response: rateImportWire,
    errors: ['not_found', 'invalid_rate_file', 'unknown_currency'],
  }),
  importExchangeRates: route({
    method: 'POST',
    path: '/exchange-rates/import',
    tag: 'Books',
    summary: 'Import rates from a CSV file or one of the ECB’s, all or nothing',
    scope: 'configure',
    body: importBody,
    bodyBytesMax: importBodyBytesMax,
    status: 200,
    response: rateImportWire,
    errors: ['not_found', 'invalid_rate_file', 'unknown_currency'],
  }),
  listExchangeRateCorrections: route({
    method: 'GET',
    path: '/exchange-rates/corrections',
    tag: 'Books',
    summary: 'What the rate of a day was before it was replaced, latest first',
    scope: 'read',
    query: z.object({ entityId: idWire, currency: currencyWire, date: dateWire }),
    status: 200,
    response: z.object({
      data: z.array(rateOfSource.extend({ setBy: z.string(), setAt: instantWire, replacedAt: instantWire })),
    }),
    errors: ['not_found'],
  }),
} as const;
