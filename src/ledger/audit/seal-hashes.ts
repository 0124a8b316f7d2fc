import { createHash } from 'node:crypto';
import { canonicalHash, type CanonicalValue } from './canonical-text.ts';

/** An entry of the audit trail as it is hashed, and of it what verifying looks at. */
export interface SealableEntry {
  readonly id: string;
  readonly fields: readonly CanonicalValue[];
  readonly action: string;
  readonly subjectType: string;
  readonly subjectId: string;
  /** JSON text. */
  readonly after: string | null;
}

/** A row of audit_seals; bigints as digits, the instant as canonical text. */
export interface AuditSeal {
  readonly organizationId: string;
  readonly number: string;
  readonly version: number;
  readonly entryIds: string;
  readonly entryCount: number;
  readonly entriesTotal: string;
  readonly highestId: string;
  readonly entryMarks: string;
  readonly contentHash: string;
  readonly previousHash: string | null;
  readonly hash: string;
  readonly sealedAt: string;
}

export const sealVersion = 1;
export const markLength = 16;

/** Takes the hashes of a seal's entries one after the other, so that no batch is ever in memory as a whole. */
export interface ContentHash {
  readonly add: (entry: SealableEntry) => string;
  readonly end: () => string;
}

export function startContentHash(): ContentHash {
  const content = createHash('sha256');
  return {
    add: (entry) => {
      const hash = canonicalHash(['tributary audit entry 1', ...entry.fields]);
      content.update(hash);
      return hash.slice(0, markLength);
    },
    end: () => content.digest('hex'),
  };
}

/** The hash of a seal itself: over everything that its row says, the hash of the seal before it included. */
export function sealHash(seal: Omit<AuditSeal, 'hash'>): string {
  return canonicalHash([
    'tributary audit seal 1',
    seal.organizationId,
    seal.number,
    String(seal.version),
    seal.entryIds,
    String(seal.entryCount),
    seal.entriesTotal,
    seal.highestId,
    seal.entryMarks,
    seal.contentHash,
    seal.previousHash,
    seal.sealedAt,
  ]);
}
