import { divideRounded } from '../../kernel/money.ts';
import { allocatePrice } from './allocation.ts';

/** An obligation as a modification finds it; a new one has nothing recognised and all of its stand-alone price still to come. */
export interface RemainingObligation {
  readonly recognisedMinor: bigint;
  /** Stand-alone selling price of what is still to be delivered. */
  readonly remainingStandaloneMinor: bigint;
}

/**
 * A modification as the end of the old contract and the start of a new one (IFRS 15.21(a), ASC 606-10-25-13(a)): what is not yet
 * recognised, and what the modification adds, is allocated over what is still to be delivered. Returns the new allocated
 * price of each obligation; what was recognised stands.
 */
export function allocateProspectively(
  priceMinor: bigint,
  obligations: readonly RemainingObligation[],
): bigint[] {
  const recognised = obligations.reduce((sum, { recognisedMinor }) => sum + recognisedMinor, 0n);
  const parts = allocatePrice(
    priceMinor - recognised,
    obligations.map(({ remainingStandaloneMinor }) => remainingStandaloneMinor),
  );
  return obligations.map(({ recognisedMinor }, index) => recognisedMinor + (parts[index] ?? 0n));
}

/**
 * What a modification of an obligation that goes on as one corrects at once (IFRS 15.21(b), ASC 606-10-25-13(b)): the new price times
 * the new progress, less what is recognised. Progress is `done` of `whole`, any unit. Rounded half away from zero.
 */
export function catchUp(priceMinor: bigint, done: bigint, whole: bigint, recognisedMinor: bigint): bigint {
  return divideRounded(priceMinor * done, whole, 'half_away_from_zero') - recognisedMinor;
}
