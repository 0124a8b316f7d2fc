import type { HandlerOutput, Handlers } from '../../contract/handler.ts';
import { formatMinor } from '../../kernel/money.ts';
import { getEntity } from '../../ledger/entities.ts';
import { differenceOf, type RevaluationFigure } from '../../ledger/revaluation/revaluation-figures.ts';
import {
  countRevaluations,
  listRevaluations,
  readRevaluationFigures,
  type Revaluation,
} from '../../ledger/revaluation/revaluations-store.ts';
import {
  planRevaluation,
  type RevaluationPlan,
  revalue,
  undoRevaluation,
} from '../../ledger/revaluation/revalue.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { calendarDate } from '../calendar-date.ts';
import { pageOverEntities } from '../page-over-entities.ts';
import { entityOrAll } from './entities.ts';

export type RevaluationOperationId =
  | 'listRevaluations'
  | 'previewRevaluation'
  | 'createRevaluation'
  | 'undoRevaluation';

/** Revaluation of foreign-currency balances. */
export function revaluationHandlers(database: Database): Handlers<RevaluationOperationId> {
  return {
    listRevaluations: ({ organizationId }, { query }) =>
      database.withOrganization(organizationId, async (tx) => {
        const ids = (await entityOrAll(tx, query.entityId)).map(({ id }) => id);
        const page = await pageOverEntities(ids, query, (entityId, request) =>
          listRevaluations(tx, entityId, request),
        );
        let total = 0;
        for (const id of ids) total += await countRevaluations(tx, id);
        return { ...page, data: await toWire(tx, page.data), total };
      }),
    previewRevaluation: ({ organizationId }, { body }) =>
      database.withOrganization(organizationId, async (tx) => {
        const plan = await planRevaluation(tx, body.entityId, calendarDate('date', body.date));
        return planToWire(plan, plan.former);
      }),
    createRevaluation: (caller, { body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        const result = await revalue(tx, body.entityId, calendarDate('date', body.date), caller);
        return planToWire(result, result.revaluation);
      }),
    undoRevaluation: (caller, { params }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        const undone = await undoRevaluation(tx, params.id, caller);
        return oneToWire(tx, undone);
      }),
  };
}

function figuresToWire(figures: readonly RevaluationFigure[], baseCurrency: string) {
  const sumOf = (sign: 1n | -1n): string =>
    formatMinor(
      figures.reduce((sum, figure) => {
        const signed = differenceOf(figure) * sign;
        return signed > 0n ? sum + signed : sum;
      }, 0n),
      baseCurrency,
    );
  return {
    baseCurrency,
    figures: figures.map((figure) => ({
      account: figure.account,
      accountName: figure.accountName,
      currency: figure.currency,
      balance: formatMinor(figure.balanceMinor, figure.currency),
      bookBase: formatMinor(figure.bookBaseMinor, baseCurrency),
      rate: figure.rate,
      rateDate: figure.rateDate,
      newBase: formatMinor(figure.newBaseMinor, baseCurrency),
      difference: formatMinor(differenceOf(figure), baseCurrency),
    })),
    gain: sumOf(1n),
    loss: sumOf(-1n),
  };
}

function planToWire(
  { entity, date, outcome, figures, former }: RevaluationPlan,
  inForce: Revaluation | null,
): HandlerOutput<'createRevaluation'> {
  return {
    entityId: entity.id,
    date,
    ...figuresToWire(figures, entity.baseCurrency),
    outcome,
    formerId: former?.id ?? null,
    id: inForce?.id ?? null,
  };
}

async function toWire(
  tx: Transaction,
  revaluations: readonly Revaluation[],
): Promise<HandlerOutput<'undoRevaluation'>[]> {
  const figures = await readRevaluationFigures(
    tx,
    revaluations.map(({ id }) => id),
  );
  const wires: HandlerOutput<'undoRevaluation'>[] = [];
  const currencyByEntity = new Map<string, string>();
  for (const revaluation of revaluations) {
    const { entityId } = revaluation;
    const baseCurrency = currencyByEntity.get(entityId) ?? (await getEntity(tx, entityId)).baseCurrency;
    currencyByEntity.set(entityId, baseCurrency);
    wires.push({ ...revaluation, ...figuresToWire(figures.get(revaluation.id) ?? [], baseCurrency) });
  }
  return wires;
}

async function oneToWire(
  tx: Transaction,
  revaluation: Revaluation,
): Promise<HandlerOutput<'undoRevaluation'>> {
  const { baseCurrency } = await getEntity(tx, revaluation.entityId);
  const figures = (await readRevaluationFigures(tx, [revaluation.id])).get(revaluation.id) ?? [];
  return { ...revaluation, ...figuresToWire(figures, baseCurrency) };
}
