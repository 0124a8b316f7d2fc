import { assert } from '../../kernel/assert.ts';
import { addDays, type CalendarDate, dateInZone } from '../../kernel/dates.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { formatMinor, isAmountInRange } from '../../kernel/money.ts';
import { type AuditContext, type AuditEntry, appendAuditEntries } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { resolveAccountRoles } from '../account-roles-store.ts';
import { getEntity } from '../entities.ts';
import type { Entity } from '../entities-store.ts';
import {
  closingRateAgeDaysMax,
  exchangeRateAgeDaysMax,
  type FoundRate,
  findDatedRates,
  wantedRateKey,
} from '../exchange-rates-store.ts';
import { findEntry, insertJournalEntries, type NewJournalEntry, reversalOf } from '../journal-store.ts';
import { holdPeriods, isInClosedPeriod } from '../periods/period-gate.ts';
import { lockEntity } from '../rate-files/rate-import-store.ts';
import { type MonetaryBalance, readMonetaryBalances } from './monetary-balances-store.ts';
import {
  differenceOf,
  type RevaluationFigure,
  revaluationLines,
  sameFigures,
  toFigures,
} from './revaluation-figures.ts';
import {
  findRevaluation,
  findRevaluationOfDay,
  insertRevaluation,
  markRevaluationUndone,
  readRevaluationFigures,
  type Revaluation,
} from './revaluations-store.ts';

/**
 * What a run does: `posted` the first of the day, `replaced` the former one of the day (undone, and done again with other figures),
 * `withdrawn` (undone, and nothing is left to revalue), `unchanged` (the former one stands on the same figures), `nothing` (every
 * balance is at its closing rate). The last two write nothing.
 */
export type RevaluationOutcome = 'posted' | 'replaced' | 'withdrawn' | 'unchanged' | 'nothing';

export interface RevaluationPlan {
  readonly entity: Entity;
  readonly date: CalendarDate;
  readonly outcome: RevaluationOutcome;
  readonly figures: readonly RevaluationFigure[];
  /** The one of the day that is in force before the run. */
  readonly former: Revaluation | null;
}

export interface RevaluationResult extends RevaluationPlan {
  /** The one of the day that is in force after the run. */
  readonly revaluation: Revaluation | null;
}

/**
 * What a revaluation on that day would find and do; nothing is written. Errors: `not_found` (entity), `invalid_request` (a day that is not
 * over), `no_exchange_rate` (by currency and day), `amount_out_of_range`.
 */
export async function planRevaluation(
  tx: Transaction,
  entityId: string,
  date: CalendarDate,
  now: Date = new Date(),
): Promise<RevaluationPlan> {
  const entity = await getEntity(tx, entityId);
  const today = dateInZone(now, entity.timeZone);
  if (date > today) {
    const message = `${date} has not come yet; today is ${today}.`;
    throw new TributaryError('invalid_request', message, { fields: [{ field: 'date', message }] });
  }
  const former = await findRevaluationOfDay(tx, entityId, date);
  const balances = await readMonetaryBalances(tx, entity, date, former?.entryId ?? null);
  const rates = await closingRates(tx, entity, balances, date);
  const figures = toFigures(balances, entity.baseCurrency, (currency) => {
    const rate = rates.get(currency);
    assert(rate, 'every currency with a balance has a rate');
    return rate;
  });
  return { entity, date, outcome: await outcomeOf(tx, figures, former), figures, former };
}

async function outcomeOf(
  tx: Transaction,
  figures: readonly RevaluationFigure[],
  former: Revaluation | null,
): Promise<RevaluationOutcome> {
  const isNeeded = figures.some((figure) => differenceOf(figure) !== 0n);
  if (former === null) return isNeeded ? 'posted' : 'nothing';
  const stored = (await readRevaluationFigures(tx, [former.id])).get(former.id) ?? [];
  if (sameFigures(stored, figures)) return 'unchanged';
  return isNeeded ? 'replaced' : 'withdrawn';
}

async function closingRates(
  tx: Transaction,
  entity: Entity,
  balances: readonly MonetaryBalance[],
  date: CalendarDate,
): Promise<Map<string, FoundRate>> {
  const held = balances.filter(({ balanceMinor }) => balanceMinor !== 0n).map(({ currency }) => currency);
  const currencies = [...new Set(held)].sort();
  const wanted = currencies.map((currency) => ({ entityId: entity.id, currency, date }));
  const found = await findDatedRates(tx, wanted);
  const earliest = addDays(date, -closingRateAgeDaysMax);
  const rates = new Map<string, FoundRate>();
  const missing: string[] = [];
  for (const want of wanted) {
    const rate = found.get(wantedRateKey(want));
    if (rate !== undefined && rate.date >= earliest) rates.set(want.currency, rate);
    else if (rate === undefined) {
      missing.push(`${want.currency} (none in the ${exchangeRateAgeDaysMax} days before)`);
    } else missing.push(`${want.currency} (the newest is of ${rate.date})`);
  }
  if (missing.length > 0) {
    throw new TributaryError(
      'no_exchange_rate',
      `No closing rate to ${entity.baseCurrency} on ${date}, or of at most ${closingRateAgeDaysMax} days before, for ${missing.join(', ')}.`,
      { fields: [{ field: 'date', message: missing.join(', ') }] },
    );
  }
  return rates;
}

/**
 * Revalues the foreign-currency balances of the monetary accounts at the closing rate of the day: an entry on the day in the base
 * currency alone against unrealized gains and losses, and its reversal on the next day. Run again it writes nothing, unless
 * rates or balances of the day have changed: then it undoes the former one and posts another, in the same transaction. Errors: those of
 * `planRevaluation`, `account_not_usable` (no account for unrealized gains or losses), those of `insertJournalEntries`.
 */
export async function revalue(
  tx: Transaction,
  entityId: string,
  date: CalendarDate,
  context: AuditContext,
  now: Date = new Date(),
): Promise<RevaluationResult> {
  await lockEntity(tx, entityId);
  const plan = await planRevaluation(tx, entityId, date, now);
  const { outcome, former } = plan;
  if (outcome === 'unchanged' || outcome === 'nothing') return { ...plan, revaluation: former };
  const deeds: AuditEntry[] = [];
  if (former !== null) deeds.push(await writeUndo(tx, former, context, outcome));
  let revaluation: Revaluation | null = null;
  if (outcome !== 'withdrawn') {
    const id = await writeRevaluation(tx, plan, context);
    revaluation = await findRevaluation(tx, id);
    deeds.push({
      action: 'revaluation.posted',
      subjectType: 'revaluation',
      subjectId: id,
      after: { entityId, date, replaces: former?.id ?? null, figures: auditedFigures(plan) },
    });
  }
  await appendAuditEntries(tx, context, deeds);
  return { ...plan, revaluation };
}

async function writeRevaluation(
  tx: Transaction,
  { entity, date, figures }: RevaluationPlan,
  context: AuditContext,
): Promise<string> {
  const lines = revaluationLines(figures, await resultAccounts(tx, entity.id));
  const tooLarge = lines.find(({ baseMinor }) => !isAmountInRange(baseMinor));
  if (tooLarge) throw new TributaryError('amount_out_of_range', `The difference in ${tooLarge.currency}.`);
  const entry: NewJournalEntry = {
    id: newId(),
    entityId: entity.id,
    date,
    kind: 'revaluation',
    description: `Revaluation of foreign currencies on ${date}`,
    documentId: null,
    reversesEntryId: null,
    lines,
  };
  const reversal = reversalOf({ ...entry, reversed: false }, newId(), addDays(date, 1));
  await insertJournalEntries(tx, context, [entry, reversal]);
  const id = newId();
  const scope = { organizationId: context.organizationId, entityId: entity.id };
  const made = { id, date, entryId: entry.id, reversalEntryId: reversal.id, createdBy: context.actor };
  await insertRevaluation(tx, scope, made, figures);
  return id;
}

async function resultAccounts(
  tx: Transaction,
  entityId: string,
): Promise<{ readonly gain: string; readonly loss: string }> {
  const roles = await resolveAccountRoles(tx, entityId, ['unrealized_fx_gain', 'unrealized_fx_loss']);
  const [gain, loss] = roles.map(({ role, account, problem }) => {
    if (account && problem === null) return account.id;
    throw new TributaryError('account_not_usable', `${role.replaceAll('_', ' ')}: ${problem ?? ''}`);
  });
  assert(gain !== undefined && loss !== undefined, 'one resolution a role');
  return { gain, loss };
}

/**
 * Undoes a revaluation: the opposite of its entry on its day, and of the reversal on the next, so that both days stand as though it had
 * not been. Errors: `not_found`, `conflict` (undone already), those of `insertJournalEntries`.
 */
export async function undoRevaluation(
  tx: Transaction,
  id: string,
  context: AuditContext,
): Promise<Revaluation> {
  const known = await findRevaluation(tx, id);
  if (!known) throw new TributaryError('not_found', 'There is no such revaluation.');
  await lockEntity(tx, known.entityId);
  const revaluation = await findRevaluation(tx, id);
  if (revaluation?.undoneAt !== null)
    throw new TributaryError('conflict', 'The revaluation is undone already.');
  await appendAuditEntries(tx, context, [await writeUndo(tx, revaluation, context, 'undone')]);
  const undone = await findRevaluation(tx, id);
  assert(undone, 'a revaluation is never deleted');
  return undone;
}

async function writeUndo(
  tx: Transaction,
  revaluation: Revaluation,
  context: AuditContext,
  why: RevaluationOutcome | 'undone',
): Promise<AuditEntry> {
  const scope = { organizationId: context.organizationId, entityId: revaluation.entityId };
  const entry = await findEntry(tx, scope, revaluation.entryId);
  const reversal = await findEntry(tx, scope, revaluation.reversalEntryId);
  assert(entry && reversal, 'a revaluation has its entries');
  // The entry's one reversal is that of the next day; so its opposite on its own day is a revaluation of its own.
  const opposite: NewJournalEntry = {
    ...reversalOf(entry, newId(), entry.date),
    kind: 'revaluation',
    reversesEntryId: null,
    description: `Undone: ${entry.description}`,
  };
  const taken = reversalOf(reversal, newId(), reversal.date);
  const again: NewJournalEntry = {
    ...taken,
    description: `Undone: ${reversal.description}`,
    // A closed month takes a revaluation and its reversal. What takes that reversal back again says so of itself.
    adjusting: isInClosedPeriod(await holdPeriods(tx, [taken], context), taken),
  };
  await insertJournalEntries(tx, context, [opposite, again]);
  const undo = { entryId: opposite.id, reversalEntryId: again.id, actor: context.actor };
  await markRevaluationUndone(tx, revaluation.id, undo);
  return {
    action: 'revaluation.undone',
    subjectType: 'revaluation',
    subjectId: revaluation.id,
    before: {
      date: revaluation.date,
      entryId: revaluation.entryId,
      reversalEntryId: revaluation.reversalEntryId,
    },
    after: { why, entryId: opposite.id, reversalEntryId: again.id },
  };
}

function auditedFigures({ entity, figures }: RevaluationPlan) {
  return figures.map((figure) => ({
    account: figure.account,
    currency: figure.currency,
    balance: formatMinor(figure.balanceMinor, figure.currency),
    bookBase: formatMinor(figure.bookBaseMinor, entity.baseCurrency),
    rate: figure.rate,
    newBase: formatMinor(figure.newBaseMinor, entity.baseCurrency),
  }));
}
