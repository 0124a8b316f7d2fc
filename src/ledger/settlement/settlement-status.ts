import type { StoredDocumentStatus } from '../document-status.ts';

export const settlementKinds = ['receipt', 'credit_note', 'write_off', 'refund'] as const;
export type SettlementKind = (typeof settlementKinds)[number];

/**
 * The status of a posted document of which `openMinor` of `totalMinor` are open, with the kinds of its live settlements. The database
 * asks the same (`check_open_amount`).
 */
export function settlementStatus(
  totalMinor: bigint,
  openMinor: bigint,
  liveKinds: ReadonlySet<SettlementKind>,
): StoredDocumentStatus {
  if (openMinor === totalMinor) return 'posted';
  if (openMinor > 0n) return 'partly_paid';
  if (liveKinds.has('write_off')) return 'written_off';
  return liveKinds.has('receipt') ? 'paid' : 'credited';
}
