import type { HandlerInput, HandlerOutput, Handlers } from '../../contract/handler.ts';
import { dateInZone } from '../../kernel/dates.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { formatMinor } from '../../kernel/money.ts';
import {
  listContractBalances,
  readContractAccounts,
  readContractBalances,
  readRemaining,
  readWaterfall,
} from '../../ledger/contracts/contract-reports-store.ts';
import { addMonths, firstOfMonth, lastOfMonth } from '../../kernel/months.ts';
import { postRecognitionRun, undoRecognitionRun } from '../../ledger/contracts/recognition.ts';
import { type RecognitionRun, readDueParts, readRuns } from '../../ledger/contracts/recognition-store.ts';
import { groupBy } from '../../ledger/group-by.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { calendarDate, optionalCalendarDate } from '../calendar-date.ts';
import { pageOfRows } from '../page-of-rows.ts';
import { withoutUndefined } from '../without-undefined.ts';
import { entityOrFirst } from './entities.ts';

export type RecognitionOperationId =
  | 'listRecognitionRuns'
  | 'previewRecognitionRun'
  | 'postRecognitionRun'
  | 'undoRecognitionRun'
  | 'getDeferredRevenue'
  | 'listContractBalances'
  | 'getRemainingPerformanceObligation';

/** The months of one waterfall: 50 years. */
const waterfallMonthsMax = 600;

/** Recognition runs and the reports on contracts. */
export function recognitionHandlers(database: Database): Handlers<RecognitionOperationId> {
  return {
    listRecognitionRuns: ({ organizationId }, { query }) =>
      database.withOrganization(organizationId, async (tx) => {
        const entity = query.entityId === undefined ? null : await entityOrFirst(tx, query.entityId);
        const runs = await readRuns(tx, entity?.id ?? null);
        return pageOfRows(runs.map(runToWire), query, ({ id }) => id);
      }),
    previewRecognitionRun: ({ organizationId }, { query }) =>
      database.withOrganization(organizationId, async (tx) => {
        const entity = await entityOrFirst(tx, query.entityId);
        const due = await readDueParts(tx, entity.id, firstOfMonth(calendarDate('period', query.period)));
        const rows = pageOfRows(due, query, (part) => `${part.obligationId} ${part.position}`);
        return {
          ...rows,
          data: rows.data.map((part) => ({ ...part, amount: formatMinor(part.amountMinor, part.currency) })),
          totals: [...groupBy(due, ({ currency }) => currency)].map(([currency, own]) => ({
            currency,
            amount: formatMinor(
              own.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
              currency,
            ),
          })),
          contracts: new Set(due.map(({ contractId }) => contractId)).size,
        };
      }),
    postRecognitionRun: (caller, { body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        const { id: entityId } = await entityOrFirst(tx, body.entityId);
        const period = firstOfMonth(calendarDate('period', body.period));
        const date = optionalCalendarDate('date', body.date);
        const runId = await postRecognitionRun(
          tx,
          { entityId, period, ...withoutUndefined({ date }) },
          caller,
        );
        return { run: runId === null ? null : await runOutput(tx, runId) };
      }),
    undoRecognitionRun: (caller, { params, body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        await undoRecognitionRun(tx, params.id, caller, optionalCalendarDate('date', body?.date));
        return runOutput(tx, params.id);
      }),
    getDeferredRevenue: ({ organizationId }, { query }) =>
      database.withOrganization(organizationId, (tx) => deferredRevenue(tx, query)),
    listContractBalances: ({ organizationId }, { query }) =>
      database.withOrganization(organizationId, async (tx) => {
        const entity = await entityOrFirst(tx, query.entityId);
        const at = optionalCalendarDate('at', query.at) ?? dateInZone(new Date(), entity.timeZone);
        const balances = await listContractBalances(tx, entity.id, at);
        const page = pageOfRows(balances, query, (row) => `${row.contractId} ${row.currency}`);
        return {
          ...page,
          data: page.data.map(({ netMinor, ...row }) => ({
            ...row,
            contractLiability: formatMinor(netMinor > 0n ? netMinor : 0n, row.currency),
            contractAsset: formatMinor(netMinor < 0n ? -netMinor : 0n, row.currency),
          })),
        };
      }),
    getRemainingPerformanceObligation: ({ organizationId }, { query }) =>
      database.withOrganization(organizationId, async (tx) => {
        const entity = await entityOrFirst(tx, query.entityId);
        const data = (await readRemaining(tx, entity.id)).map(({ amountMinor, ...row }) => ({
          ...row,
          amount: formatMinor(amountMinor, row.currency),
        }));
        return { entityId: entity.id, data };
      }),
  };
}

const runToWire = (run: RecognitionRun) => ({
  ...run,
  totals: run.totals.map(({ currency, amountMinor }) => ({
    currency,
    amount: formatMinor(amountMinor, currency),
  })),
});

async function runOutput(tx: Transaction, runId: string) {
  const [run] = await readRuns(tx, null, runId);
  if (!run) throw new TributaryError('not_found', 'There is no such recognition run.');
  return runToWire(run);
}

async function deferredRevenue(
  tx: Transaction,
  query: HandlerInput<'getDeferredRevenue'>['query'],
): Promise<HandlerOutput<'getDeferredRevenue'>> {
  const entity = await entityOrFirst(tx, query.entityId);
  const from = firstOfMonth(calendarDate('from', query.from));
  const to = lastOfMonth(calendarDate('to', query.to));
  if (to < from || addMonths(from, waterfallMonthsMax) <= to) {
    const message = `Give at most ${waterfallMonthsMax} months, the first one first.`;
    throw new TributaryError('invalid_request', message, { fields: [{ field: 'to', message }] });
  }
  const moves = await readWaterfall(tx, entity.id, from, to);
  const balances = await readContractBalances(tx, entity.id, to);
  const accounts = await readContractAccounts(tx, entity.id, to);
  const data = balances.map(({ currency, liabilityMinor, assetMinor }) => {
    const journal = accounts.get(currency);
    const own = moves.filter((move) => move.currency === currency);
    const before = own.find(({ month }) => month === null);
    let opening = (before?.billedMinor ?? 0n) - (before?.recognisedMinor ?? 0n);
    const months = [];
    for (let month = from; month <= to; month = addMonths(month, 1)) {
      const move = own.find((candidate) => candidate.month === month);
      const { billedMinor, recognisedMinor } = move ?? { billedMinor: 0n, recognisedMinor: 0n };
      const closing = opening + billedMinor - recognisedMinor;
      const say = (amountMinor: bigint): string => formatMinor(amountMinor, currency);
      months.push({
        month,
        opening: say(opening),
        billed: say(billedMinor),
        recognised: say(recognisedMinor),
        closing: say(closing),
      });
      opening = closing;
    }
    return {
      currency,
      contractLiability: formatMinor(liabilityMinor, currency),
      contractAsset: formatMinor(assetMinor, currency),
      journalLiability: formatMinor(journal?.liabilityMinor ?? 0n, currency),
      journalAsset: formatMinor(journal?.assetMinor ?? 0n, currency),
      months,
    };
  });
  return { entityId: entity.id, from, to, data };
}
