import { divideRounded } from '../../kernel/money.ts';

/**
 * The share of a base amount that goes with a part of an open amount, rounded half away from zero. The whole of what is open
 * takes the whole base, so that nothing of it stays behind when the last part goes.
 */
export function baseShare(baseMinor: bigint, openMinor: bigint, amountMinor: bigint): bigint {
  if (amountMinor === openMinor) return baseMinor;
  return divideRounded(baseMinor * amountMinor, openMinor, 'half_away_from_zero');
}
