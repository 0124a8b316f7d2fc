import type { SourceObjectType } from './source-record.ts';

export const linkTargets = ['document', 'customer', 'contact', 'item', 'sales_rep'] as const;
export type LinkTarget = (typeof linkTargets)[number];

/** Which remote record, on which account: what a link is unique by, besides its revision. */
export interface SourceKey {
  readonly connector: string;
  readonly accountId: string;
  readonly mode: 'live' | 'test';
  readonly objectType: SourceObjectType | 'placeholder';
  readonly sourceId: string;
}

/**
 * The stored pair (source record ↔ record of the books). `fingerprint` is the hash of what was applied last, `applied` the values
 * themselves by field as wire text: the base that tells which side changed what. `state` is `unsynced` after an undo.
 */
export interface Link {
  readonly key: SourceKey;
  readonly target: LinkTarget;
  readonly targetId: string;
  readonly revision: number;
  readonly state: 'active' | 'unsynced';
  readonly fingerprint: string;
  readonly applied: Readonly<Record<string, string | null>>;
  readonly sourceVersion: string | null;
}
