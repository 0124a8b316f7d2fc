import { shiftMonth } from '../../format/months.ts';
import { sumAmounts } from '../../format/sum.ts';

export interface RemainingMonth {
  /** First day; null: milestones that are not reached. */
  readonly month: string | null;
  readonly amount: string;
}

export interface Band {
  readonly name: string;
  readonly amount: string;
}

/**
 * What remains in the bands that notes to accounts ask for, seen from the month of today (`2026-03`): what months before left, the next
 * 12 months with this one, the 12 after them, later, and milestones that have no month. A band of nothing is left out, but for the
 * first year.
 */
export function bandsOf(rows: readonly RemainingMonth[], today: string): Band[] {
  const year = shiftMonth(today, 12);
  const twoYears = shiftMonth(today, 24);
  const names = [
    'Due from earlier months',
    'Within 12 months',
    '13 to 24 months',
    'Later',
    'When milestones are reached',
  ];
  const bandOf = ({ month }: RemainingMonth): string | undefined => {
    if (month === null) return names[4];
    const at = month.slice(0, 7);
    return at < today ? names[0] : at < year ? names[1] : at < twoYears ? names[2] : names[3];
  };
  return names
    .map((name) => ({ name, own: rows.filter((row) => bandOf(row) === name) }))
    .filter(({ name, own }) => own.length > 0 || name === names[1])
    .map(({ name, own }) => ({ name, amount: sumAmounts(own.map(({ amount }) => amount)) }));
}
