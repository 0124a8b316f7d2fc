import type { Handlers } from '../../contract/handler.ts';
import { setExchangeRate } from '../../ledger/exchange-rates.ts';
import { listExchangeRates } from '../../ledger/exchange-rates-store.ts';
import type { Database } from '../../platform/database/database.ts';
import { pageOfRows } from '../page-of-rows.ts';
import { entityOrAll } from './entities.ts';

export type ExchangeRateOperationId = 'listExchangeRates' | 'setExchangeRate';

/** Exchange rates of each entity, newest first. */
export function exchangeRateHandlers(database: Database): Handlers<ExchangeRateOperationId> {
  return {
    listExchangeRates: async ({ organizationId }, { query }) => {
      const rates = await database.withOrganization(organizationId, async (tx) => {
        const all = [];
        for (const { id: entityId } of await entityOrAll(tx, query.entityId)) {
          all.push(...(await listExchangeRates(tx, entityId)).map((rate) => ({ ...rate, entityId })));
        }
        return all;
      });
      return pageOfRows(rates, query, (rate) => `${rate.entityId} ${rate.date} ${rate.currency}`);
    },
    setExchangeRate: (caller, { body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        const rate = await setExchangeRate(tx, body.entityId, body, caller);
        return { ...rate, entityId: body.entityId };
      }),
  };
}
