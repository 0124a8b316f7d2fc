import type { ContractWire } from '../../../contract/contracts-wire.ts';
import { isZeroAmount } from '../../format/amount.ts';
import { subtractAmounts, sumAmounts } from '../../format/sum.ts';

type Obligation = ContractWire['obligations'][number];

export interface ComparedObligation {
  readonly position: number;
  readonly description: string;
  readonly isNew: boolean;
  readonly serviceStart: string;
  readonly serviceEnd: string;
  /** Null: it ends as before. */
  readonly serviceEndBefore: string | null;
  /** Allocated prices. */
  readonly before: string;
  readonly after: string;
}

export interface ComparedMonth {
  /** A month (`2026-03`) or a day; null: milestones that are not reached. */
  readonly at: string | null;
  readonly before: string;
  readonly after: string;
  readonly difference: string;
}

export interface ContractDifference {
  readonly obligations: readonly ComparedObligation[];
  /** Only months in which something differs. */
  readonly revenue: readonly ComparedMonth[];
  /** Only days on which something differs. */
  readonly bills: readonly ComparedMonth[];
}

/** What a change makes of a contract: every obligation, and the months and days whose amounts differ. */
export function compareContracts(before: ContractWire, after: ContractWire): ContractDifference {
  return {
    obligations: after.obligations.map((obligation) => {
      const old = before.obligations.find(({ position }) => position === obligation.position);
      return {
        position: obligation.position,
        description: obligation.description,
        isNew: old === undefined,
        serviceStart: obligation.serviceStart,
        serviceEnd: obligation.serviceEnd,
        serviceEndBefore:
          old === undefined || old.serviceEnd === obligation.serviceEnd ? null : old.serviceEnd,
        before: old?.allocated ?? '0',
        after: obligation.allocated,
      };
    }),
    revenue: differences(revenueOf(before.obligations), revenueOf(after.obligations)),
    bills: differences(billsOf(before), billsOf(after)),
  };
}

type Amounts = readonly { readonly at: string | null; readonly amount: string }[];

function revenueOf(obligations: readonly Obligation[]): Amounts {
  return obligations.flatMap(({ schedule }) =>
    schedule.map(({ period, amount }) => ({ at: period?.slice(0, 7) ?? null, amount })),
  );
}

function billsOf({ billings }: ContractWire): Amounts {
  return billings.map(({ date, amount }) => ({ at: date, amount }));
}

function differences(before: Amounts, after: Amounts): ComparedMonth[] {
  const places = [...new Set([...before, ...after].map(({ at }) => at))].toSorted((left, right) =>
    left === null ? 1 : right === null ? -1 : left < right ? -1 : 1,
  );
  const sumAt = (amounts: Amounts, place: string | null): string =>
    sumAmounts(amounts.filter(({ at }) => at === place).map(({ amount }) => amount));
  return places
    .map((at) => {
      const was = sumAt(before, at);
      const becomes = sumAt(after, at);
      return { at, before: was, after: becomes, difference: subtractAmounts(becomes, was) };
    })
    .filter(({ difference }) => !isZeroAmount(difference));
}
