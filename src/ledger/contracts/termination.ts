import { addDays, type CalendarDate } from '../../kernel/dates.ts';
import { allocate, formatMinor } from '../../kernel/money.ts';
import { firstOfMonth } from '../../kernel/months.ts';
import { changeBillings } from './change-billing.ts';
import { lastPosition, rewriteMonths } from './change-schedule.ts';
import { type ContractObligation, type ContractState, sumOf } from './contract-state.ts';
import { earnedBefore } from './earned.ts';
import { endBefore, refuse, taxChange } from './modification.ts';

/**
 * What the customer pays in the end: what is earned, the rest of what is billed going back (`refund`); what is billed, should it be
 * more (`forfeit`); or an amount that was agreed on.
 */
export type TerminationTerms =
  | { readonly settlement: 'refund' | 'forfeit' }
  | { readonly settlement: 'agreed'; readonly priceMinor: bigint };

/**
 * The contract after its last day of service: nothing more is delivered or earned, and what the price has above or below what is earned
 * is recognised in the month of that day. Bills that are to come are dropped from the latest on, and what was billed too much
 * becomes a credit note. Errors: `invalid_request` (an agreed price above what the contract comes to).
 */
export function planTermination(
  state: ContractState,
  lastDay: CalendarDate,
  terms: TerminationTerms,
): ContractState {
  const day = addDays(lastDay, 1);
  const earned = state.obligations.map((obligation) => earnedBefore(obligation, day));
  const earnedMinor = sumOf(earned);
  const billedMinor = sumOf(
    state.billings.filter(({ billed }) => billed).map(({ amountMinor }) => amountMinor),
  );
  const priceMinor = priceOf(terms, earnedMinor, billedMinor);
  const mostMinor = [state.priceMinor, earnedMinor, billedMinor].reduce((most, one) =>
    one > most ? one : most,
  );
  if (priceMinor > mostMinor) {
    const most = formatMinor(mostMinor, state.currency);
    throw refuse('price', `At most ${most} ${state.currency}, what the contract comes to.`);
  }
  const extraMinor = priceMinor - earnedMinor;
  const extra = allocate(extraMinor, extraMinor < 0n ? earned : restWeights(state.obligations, earned));
  const changeMinor = priceMinor - state.priceMinor;
  return {
    ...state,
    priceMinor,
    obligations: state.obligations.map((obligation, index) =>
      ended(obligation, (earned[index] ?? 0n) + (extra[index] ?? 0n), lastDay),
    ),
    billings: changeBillings(
      state.billings,
      { amountMinor: changeMinor, taxMinor: taxChange(state, changeMinor) },
      'last',
      lastDay,
    ),
  };
}

function priceOf(terms: TerminationTerms, earnedMinor: bigint, billedMinor: bigint): bigint {
  if (terms.settlement === 'agreed') return terms.priceMinor;
  if (terms.settlement === 'refund') return earnedMinor;
  return billedMinor > earnedMinor ? billedMinor : earnedMinor;
}

/** By what is not earned of each; where everything is, by its price. */
function restWeights(obligations: readonly ContractObligation[], earned: readonly bigint[]): bigint[] {
  const left = obligations.map(({ allocatedMinor }, index) => {
    const restMinor = allocatedMinor - (earned[index] ?? 0n);
    return restMinor > 0n ? restMinor : 0n;
  });
  return left.some((restMinor) => restMinor > 0n)
    ? left
    : obligations.map(({ allocatedMinor }) => allocatedMinor);
}

function ended(
  obligation: ContractObligation,
  allocatedMinor: bigint,
  lastDay: CalendarDate,
): ContractObligation {
  const { schedule } = obligation;
  const serviceEnd = endBefore(obligation, addDays(lastDay, 1));
  const reached = schedule.filter(({ milestone, reachedOn }) => milestone !== null && reachedOn !== null);
  const months = schedule.filter(({ milestone }) => milestone === null);
  const ofMonths = allocatedMinor - sumOf(reached.map(({ amountMinor }) => amountMinor));
  const fromMonth = firstOfMonth(lastDay);
  const rewritten = rewriteMonths(months, {
    fromMonth,
    lastMonth: fromMonth,
    upTo: () => ofMonths,
    totalMinor: ofMonths,
    afterPosition: lastPosition(schedule),
  });
  return { ...obligation, serviceEnd, allocatedMinor, schedule: [...reached, ...rewritten] };
}
