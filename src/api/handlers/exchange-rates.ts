import type { HandlerInput, HandlerOutput, Handlers } from '../../contract/handler.ts';
import { setExchangeRate } from '../../ledger/exchange-rates.ts';
import { countExchangeRates, listExchangeRates } from '../../ledger/exchange-rates-store.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { optionalCalendarDate } from '../calendar-date.ts';
import { pageOverEntities } from '../page-over-entities.ts';
import { withoutUndefined } from '../without-undefined.ts';
import { entityOrAll } from './entities.ts';

export type ExchangeRateOperationId = 'listExchangeRates' | 'setExchangeRate';

/** Exchange rates of each entity, newest first. */
export function exchangeRateHandlers(database: Database): Handlers<ExchangeRateOperationId> {
  return {
    listExchangeRates: ({ organizationId }, { query }) =>
      database.withOrganization(organizationId, (tx) => ratePage(tx, query)),
    setExchangeRate: (caller, { body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        const rate = await setExchangeRate(tx, body.entityId, body, caller);
        return { ...rate, entityId: body.entityId };
      }),
  };
}

async function ratePage(
  tx: Transaction,
  query: HandlerInput<'listExchangeRates'>['query'],
): Promise<HandlerOutput<'listExchangeRates'>> {
  const filter = withoutUndefined({
    currency: query.currency,
    source: query.source,
    from: optionalCalendarDate('from', query.from),
    to: optionalCalendarDate('to', query.to),
  });
  const ids = (await entityOrAll(tx, query.entityId)).map(({ id }) => id);
  const page = await pageOverEntities(ids, query, async (entityId, request) => {
    const { data, next } = await listExchangeRates(tx, entityId, filter, request);
    return { data: data.map((rate) => ({ ...rate, entityId })), next };
  });
  let total = 0;
  for (const id of ids) total += await countExchangeRates(tx, id, filter);
  return { ...page, total };
}
