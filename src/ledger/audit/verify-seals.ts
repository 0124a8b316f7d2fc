import type { Database, Transaction } from '../../platform/database/database.ts';
import { type Coverage, startCoverage } from './coverage.ts';
import { rangesOf } from './id-ranges.ts';
import type { ProblemList } from './problem-list.ts';
import { sealPageMax } from './seal.ts';
import {
  type AuditSeal,
  markLength,
  sealHash,
  type SealableEntry,
  sealVersion,
  startContentHash,
} from './seal-hashes.ts';
import { findEntryIdsInRanges, findNextSeal, findSealingWindow, readSealableEntries } from './seals-store.ts';
import { type DigestCounts, verifyDigests } from './verify-digests.ts';

/** So many gaps between sealed ids are kept before they are looked into. */
const gapsMax = 5_000;
/** Entries without a seal that are kept in mind until the end: a later seal may cover one. */
const candidatesMax = 10_000;

/** What goes along from seal to seal. */
interface Walk {
  readonly database: Database;
  readonly organizationId: string;
  readonly problems: ProblemList;
  readonly digests: DigestCounts;
  readonly coverage: Coverage;
  readonly unsealed: Set<bigint>;
  /** Entries from here on may still get their seal. */
  readonly sealedBelow: bigint;
}

/** Walks the chain from its first seal to its last one. Returns how many seals and entries it read. */
export async function verifySeals(
  database: Database,
  organizationId: string,
  problems: ProblemList,
  digests: DigestCounts,
): Promise<{ readonly seals: number; readonly entries: number }> {
  const window = await database.withOrganization(organizationId, (tx) =>
    findSealingWindow(tx, organizationId),
  );
  const walk: Walk = {
    database,
    organizationId,
    problems,
    digests,
    coverage: startCoverage(),
    unsealed: new Set(),
    sealedBelow: BigInt(window.fromId),
  };
  let seals = 0;
  let entries = 0;
  let previous: AuditSeal | null = null;
  for (;;) {
    const read = await database.withOrganization(organizationId, (tx) => verifyNextSeal(tx, walk, previous));
    if (read === null) break;
    previous = read.seal;
    seals += 1;
    entries += read.entries;
    for (const { from, end } of rangesOf(read.seal.entryIds)) {
      for (const id of walk.unsealed) if (id >= from && id < end) walk.unsealed.delete(id);
    }
    if (walk.coverage.gaps().length > gapsMax) await lookIntoGaps(walk);
  }
  await lookIntoGaps(walk);
  for (const id of walk.unsealed) {
    const message = 'The entry of the audit trail is covered by no seal: it was inserted later.';
    const subject = { subjectType: 'audit_entry', subjectId: id.toString(), seal: null } as const;
    problems.add({ kind: 'entry_unsealed', ...subject, message });
  }
  return { seals, entries };
}

async function lookIntoGaps(walk: Walk): Promise<void> {
  const below = walk.coverage
    .gaps()
    .map(({ from, end }) => ({ from, end: end < walk.sealedBelow ? end : walk.sealedBelow }))
    .filter(({ from, end }) => from < end);
  walk.coverage.forgetGaps();
  if (below.length === 0) return;
  const ids = await walk.database.withOrganization(walk.organizationId, (tx) =>
    findEntryIdsInRanges(tx, walk.organizationId, below, candidatesMax),
  );
  for (const id of ids) if (walk.unsealed.size < candidatesMax) walk.unsealed.add(id);
}

async function verifyNextSeal(
  tx: Transaction,
  walk: Walk,
  previous: AuditSeal | null,
): Promise<{ readonly seal: AuditSeal; readonly entries: number } | null> {
  const seal = await findNextSeal(tx, walk.organizationId, previous?.number ?? '0');
  if (seal === null) return null;
  verifyLink(seal, previous, walk.problems);
  walk.coverage.cover(seal.entryIds);
  const entries = await verifyEntries(tx, walk, seal);
  return { seal, entries };
}

/** The seal by itself, and as the one after the one before it. */
function verifyLink(seal: AuditSeal, previous: AuditSeal | null, problems: ProblemList): void {
  const { number } = seal;
  const subject = { subjectType: 'audit_seal', subjectId: number, seal: number } as const;
  const expected = BigInt(previous?.number ?? 0) + 1n;
  if (BigInt(number) !== expected) {
    const last = BigInt(number) - 1n;
    const which = last === expected ? `Seal ${expected} is` : `Seals ${expected} to ${last} are`;
    const subjectId = expected.toString();
    const message = `${which} missing: deleted from the chain.`;
    problems.add({ kind: 'seal_missing', subjectType: 'audit_seal', subjectId, seal: subjectId, message });
  } else if (
    seal.previousHash !== (previous?.hash ?? null) ||
    BigInt(seal.entriesTotal) !== BigInt(previous?.entriesTotal ?? 0) + BigInt(seal.entryCount)
  ) {
    const message = `Seal ${number} does not go on from the seal before it: one of the two was changed.`;
    problems.add({ kind: 'seal_changed', ...subject, message });
    return;
  }
  if (seal.version !== sealVersion || sealHash(seal) !== seal.hash) {
    const message = `Seal ${number} does not have the hash of what it says: it was changed.`;
    problems.add({ kind: 'seal_changed', ...subject, message });
  }
}

/** The entries that the seal covers, against their marks and the hash of all, and the digests that they carry. */
async function verifyEntries(tx: Transaction, walk: Walk, seal: AuditSeal): Promise<number> {
  const { number } = seal;
  const content = startContentHash();
  let read = 0;
  let position = 0;
  let named = false;
  const report = (kind: 'entry_missing' | 'entry_changed', id: string, message: string): void => {
    named = true;
    walk.problems.add({ kind, subjectType: 'audit_entry', subjectId: id, seal: number, message });
  };
  for (const ids of pagesOfIds(seal.entryIds, seal.entryMarks.length / markLength + 1)) {
    const entries = await readSealableEntries(tx, walk.organizationId, ids);
    const byId = new Map(entries.map((entry): [string, SealableEntry] => [entry.id, entry]));
    for (const id of ids) {
      const mark = seal.entryMarks.slice(position * markLength, (position + 1) * markLength);
      position += 1;
      const entry = byId.get(id.toString());
      if (!entry) {
        report('entry_missing', id.toString(), `Seal ${number} covers the entry, which is gone: deleted.`);
      } else if (content.add(entry) !== mark) {
        const what = `${entry.action} of ${entry.subjectType} ${entry.subjectId}`;
        report('entry_changed', id.toString(), `The entry ${what} is not as it was sealed: it was changed.`);
      }
    }
    read += entries.length;
    await verifyDigests(tx, entries, number, walk.problems, walk.digests);
  }
  if (!named && (position !== seal.entryCount || content.end() !== seal.contentHash)) {
    const message = `The entries of seal ${number} do not have the hash that it says: they or the seal were changed.`;
    const subject = { subjectType: 'audit_seal', subjectId: number, seal: number } as const;
    walk.problems.add({ kind: 'seal_changed', ...subject, message });
  }
  return read;
}

/** The ids of a seal in pages, `max` of them at the most: the ranges of a forged one could go on for ever. */
function* pagesOfIds(multirange: string, max: number): Generator<bigint[]> {
  let page: bigint[] = [];
  let left = max;
  for (const { from, end } of rangesOf(multirange)) {
    for (let id = from; id < end && left > 0; id += 1n) {
      left -= 1;
      page.push(id);
      if (page.length < sealPageMax) continue;
      yield page;
      page = [];
    }
  }
  if (page.length > 0) yield page;
}
