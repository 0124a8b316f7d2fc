import { assert } from '../../kernel/assert.ts';
import type { AuditContext } from '../../platform/audit/audit-store.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { recordDocuments } from './document-digests.ts';
import { multirangeOf } from './id-ranges.ts';
import { recordJournalEntries } from './journal-digests.ts';
import { type AuditSeal, sealHash, sealVersion, startContentHash } from './seal-hashes.ts';
import {
  findLastSeal,
  findSealingWindow,
  findUnsealedIds,
  insertSeal,
  readSealableEntries,
  readSealingInstant,
  waitForSealLock,
} from './seals-store.ts';
import {
  findUnrecordedDocuments,
  findUnrecordedJournalEntries,
  firstPage,
  type UnrecordedPage,
} from './unrecorded-store.ts';

/** Entries under one seal: on the embedded store its transaction keeps others waiting for some tenths of a second. */
export const sealEntriesMax = 2000;
/** Entries in memory at once: one that changes a configuration can have 100 kB. */
export const sealPageMax = 250;

/** The newest seal, as an operator keeps it outside of the store. */
export interface AuditHead {
  readonly organization: string;
  /** 0: nothing is sealed yet, and hash and instant are null. */
  readonly sealNumber: number;
  readonly hash: string | null;
  /** How many entries the chain covers. */
  readonly entries: number;
  /** When it was sealed. */
  readonly at: string | null;
}

function toHead(organizationId: string, seal: AuditSeal | null): AuditHead {
  return {
    organization: organizationId,
    sealNumber: Number(seal?.number ?? 0),
    hash: seal?.hash ?? null,
    entries: Number(seal?.entriesTotal ?? 0),
    at: seal?.sealedAt ?? null,
  };
}

export async function findAuditHead(tx: Transaction, organizationId: string): Promise<AuditHead> {
  return toHead(organizationId, await findLastSeal(tx, organizationId));
}

/**
 * Seals everything that is committed and not sealed, batch by batch, each in its own transaction, until nothing is left or `signal`
 * stops it between two. Before the first seal, journal entries and posted documents without a digest are taken over as they are
 * found. Writers wait for nothing here. Returns how many seals were made, and the head.
 */
export async function sealPending(
  database: Database,
  organizationId: string,
  signal?: AbortSignal,
): Promise<{ readonly seals: number; readonly head: AuditHead }> {
  await takeOver(database, organizationId, signal);
  if (signal?.aborted) {
    return {
      seals: 0,
      head: await database.withOrganization(organizationId, (tx) => findAuditHead(tx, organizationId)),
    };
  }
  let seals = 0;
  for (;;) {
    const { made, seal } = await database.withOrganization(organizationId, (tx) =>
      sealBatch(tx, organizationId),
    );
    if (made) seals += 1;
    if (!made || signal?.aborted) return { seals, head: toHead(organizationId, seal) };
  }
}

/** One seal over the next entries; `made` false: there are none, and `seal` is the last one. */
async function sealBatch(
  tx: Transaction,
  organizationId: string,
): Promise<{ readonly made: boolean; readonly seal: AuditSeal | null }> {
  await waitForSealLock(tx, organizationId);
  const last = await findLastSeal(tx, organizationId);
  const window = await findSealingWindow(tx, organizationId);
  const ids = await findUnsealedIds(tx, organizationId, window, sealEntriesMax);
  const highest = ids.at(-1);
  if (highest === undefined) return { made: false, seal: last };
  const content = startContentHash();
  let marks = '';
  for (let start = 0; start < ids.length; start += sealPageMax) {
    const page = ids.slice(start, start + sealPageMax);
    const entries = await readSealableEntries(tx, organizationId, page);
    assert(entries.length === page.length, 'an entry that was visible stays visible');
    for (const entry of entries) marks += content.add(entry);
  }
  const lastHighest = BigInt(last?.highestId ?? 0);
  const seal = {
    organizationId,
    number: (BigInt(last?.number ?? 0) + 1n).toString(),
    version: sealVersion,
    entryIds: multirangeOf(ids),
    entryCount: ids.length,
    entriesTotal: (BigInt(last?.entriesTotal ?? 0) + BigInt(ids.length)).toString(),
    highestId: (highest > lastHighest ? highest : lastHighest).toString(),
    entryMarks: marks,
    contentHash: content.end(),
    previousHash: last?.hash ?? null,
    sealedAt: await readSealingInstant(tx),
  };
  const sealed = { ...seal, hash: sealHash(seal) };
  await insertSeal(tx, sealed);
  return { made: true, seal: sealed };
}

/** Gives what is older than the first seal its digest. It goes on where it was interrupted: what is recorded is left out. */
async function takeOver(database: Database, organizationId: string, signal?: AbortSignal): Promise<void> {
  const context: AuditContext = { organizationId, actor: 'system' };
  const steps: readonly [
    (tx: Transaction, organizationId: string, afterId: string) => Promise<UnrecordedPage>,
    (tx: Transaction, ids: readonly string[]) => Promise<void>,
  ][] = [
    [findUnrecordedJournalEntries, (tx, ids) => recordJournalEntries(tx, context, ids, true)],
    [findUnrecordedDocuments, (tx, ids) => recordDocuments(tx, context, ids)],
  ];
  for (const [find, record] of steps) {
    let after: string | null = firstPage;
    while (after !== null && !signal?.aborted) {
      const from: string = after;
      after = await database.withOrganization(organizationId, async (tx) => {
        await waitForSealLock(tx, organizationId);
        if ((await findLastSeal(tx, organizationId)) !== null) return null;
        const page = await find(tx, organizationId, from);
        await record(tx, page.unrecordedIds);
        return page.next;
      });
    }
  }
}
