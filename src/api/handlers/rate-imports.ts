import type { HandlerInput, Handlers } from '../../contract/handler.ts';
import { getEntity } from '../../ledger/entities.ts';
import { listRateCorrections } from '../../ledger/exchange-rates-store.ts';
import {
  importExchangeRates,
  previewRateImport,
  type RateImportRequest,
} from '../../ledger/rate-files/import-rates.ts';
import type { Database } from '../../platform/database/database.ts';
import { calendarDate, optionalCalendarDate } from '../calendar-date.ts';
import { withoutUndefined } from '../without-undefined.ts';

export type RateImportOperationId =
  | 'previewExchangeRateImport'
  | 'importExchangeRates'
  | 'listExchangeRateCorrections';

/** Exchange rates from files. */
export function rateImportHandlers(database: Database): Handlers<RateImportOperationId> {
  return {
    previewExchangeRateImport: (caller, { body }) =>
      database.withOrganization(caller.organizationId, (tx) =>
        previewRateImport(tx, body.entityId, requestOf(body)),
      ),
    importExchangeRates: (caller, { body }) =>
      database.withOrganization(caller.organizationId, (tx) =>
        importExchangeRates(tx, body.entityId, requestOf(body), caller),
      ),
    listExchangeRateCorrections: (caller, { query }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        const { id } = await getEntity(tx, query.entityId);
        const date = calendarDate('date', query.date);
        return { data: await listRateCorrections(tx, id, query.currency, date) };
      }),
  };
}

function requestOf(body: HandlerInput<'importExchangeRates'>['body']): RateImportRequest {
  const { content, replaceManual, currencies } = body;
  const from = optionalCalendarDate('from', body.from);
  return { content, replaceManual, ...withoutUndefined({ currencies, from }) };
}
