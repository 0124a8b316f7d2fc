import { allocate } from '../../kernel/money.ts';

/**
 * The transaction price over the obligations in proportion to their stand-alone selling prices (IFRS 15.74, ASC 606-10-32-31): a
 * discount falls on all of them alike. Largest remainder first, so that the parts sum to the price exactly.
 */
export function allocatePrice(priceMinor: bigint, standaloneMinor: readonly bigint[]): bigint[] {
  return allocate(priceMinor, standaloneMinor);
}
