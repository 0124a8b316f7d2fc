import type { Transaction } from '../../platform/database/database.ts';
import { canonicalInstant } from './canonical-text.ts';
import type { AuditSeal, SealableEntry } from './seal-hashes.ts';

/**
 * An entry can become visible after a seal has covered greater ids: its transaction began earlier and ended later. The sealer goes on
 * looking for such entries among the ids of the seals of this last hour, counted back from the newest seal; a transaction that stays
 * open longer leaves entries that no seal covers, which verifying names.
 */
const lateSeconds = 3600;
/** No hour has more seals of entries that people and syncs write; more than these are seals of a backlog, which commits nothing late. */
const lateSealsMax = 2000;

const sealLockKey = 7_240_012;

/** One sealer at a time for each organization; waits for another one, whose batch takes less than a second. */
export async function waitForSealLock(tx: Transaction, organizationId: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1::integer, hashtext($2::text))', [
    sealLockKey,
    organizationId,
  ]);
}

interface SealRow {
  readonly organization_id: string;
  readonly number: string;
  readonly version: number;
  readonly entry_ids: string;
  readonly entry_count: number;
  readonly entries_total: string;
  readonly highest_id: string;
  readonly entry_marks: string;
  readonly content_hash: string;
  readonly previous_hash: string | null;
  readonly hash: string;
  readonly sealed_at: string;
}

const sealColumns = `s.organization_id, s.number, s.version, s.entry_ids, s.entry_count, s.entries_total, s.highest_id, s.entry_marks,
  s.content_hash, s.previous_hash, s.hash, ${canonicalInstant('s.sealed_at')} AS sealed_at`;

function sealFromRow(row: SealRow): AuditSeal {
  return {
    organizationId: row.organization_id,
    number: row.number,
    version: row.version,
    entryIds: row.entry_ids,
    entryCount: row.entry_count,
    entriesTotal: row.entries_total,
    highestId: row.highest_id,
    entryMarks: row.entry_marks,
    contentHash: row.content_hash,
    previousHash: row.previous_hash,
    hash: row.hash,
    sealedAt: row.sealed_at,
  };
}

export async function findLastSeal(tx: Transaction, organizationId: string): Promise<AuditSeal | null> {
  const [row] = await tx.query<SealRow>(
    `SELECT ${sealColumns} FROM audit_seals s WHERE s.organization_id = $1::uuid ORDER BY s.number DESC LIMIT 1`,
    [organizationId],
  );
  return row ? sealFromRow(row) : null;
}

/** The next seal after this number, or null. */
export async function findNextSeal(
  tx: Transaction,
  organizationId: string,
  afterNumber: string,
): Promise<AuditSeal | null> {
  const [row] = await tx.query<SealRow>(
    `SELECT ${sealColumns} FROM audit_seals s
     WHERE s.organization_id = $1::uuid AND s.number > $2::bigint ORDER BY s.number LIMIT 1`,
    [organizationId, afterNumber],
  );
  return row ? sealFromRow(row) : null;
}

export async function findSealHash(
  tx: Transaction,
  organizationId: string,
  number: string,
): Promise<string | null> {
  const [row] = await tx.query<{ hash: string }>(
    'SELECT s.hash FROM audit_seals s WHERE s.organization_id = $1::uuid AND s.number = $2::bigint',
    [organizationId, number],
  );
  return row?.hash ?? null;
}

/** Where the sealer looks for entries. */
export interface SealingWindow {
  /** Ids below are sealed, or came too late. */
  readonly fromId: string;
  /** The first seal that can cover ids from there on. */
  readonly fromSeal: string;
}

export async function findSealingWindow(tx: Transaction, organizationId: string): Promise<SealingWindow> {
  const [row] = await tx.query<{ from_id: string; from_seal: string }>(
    `WITH last AS (
       SELECT s.number, s.sealed_at FROM audit_seals s WHERE s.organization_id = $1::uuid ORDER BY s.number DESC LIMIT 1
     ), late AS (
       SELECT min(s.number) AS first_number FROM audit_seals s, last
       WHERE s.organization_id = $1::uuid AND s.number > last.number - $2::integer
         AND s.sealed_at > last.sealed_at - $3::integer * interval '1 second'
     )
     SELECT coalesce((
         SELECT s.highest_id + 1 FROM audit_seals s
         WHERE s.organization_id = $1::uuid AND s.number = late.first_number - 1
       ), 0) AS from_id,
       coalesce(late.first_number, 1) AS from_seal
     FROM late`,
    [organizationId, lateSealsMax, lateSeconds],
  );
  return { fromId: row?.from_id ?? '0', fromSeal: row?.from_seal ?? '1' };
}

/**
 * The ids of visible entries in the window that no seal covers; ascending. It looks into the gaps between what is covered, so that a
 * pass with nothing to do reads next to nothing. The gaps are materialized, as the planner takes their ends for bounds of the index only
 * where they are columns; else every pass reads the whole table.
 */
export async function findUnsealedIds(
  tx: Transaction,
  organizationId: string,
  { fromId, fromSeal }: SealingWindow,
  limit: number,
): Promise<bigint[]> {
  const rows = await tx.query<{ id: string }>(
    `WITH covered AS (
       SELECT coalesce(range_agg(r.ids), '{}'::int8multirange) AS ids FROM audit_seals s, unnest(s.entry_ids) AS r (ids)
       WHERE s.organization_id = $1::uuid AND s.number >= $3::bigint
     ), gaps AS MATERIALIZED (
       SELECT lower(g.ids) AS low, coalesce(upper(g.ids), 9223372036854775807) AS high
       FROM covered, unnest(int8multirange(int8range($2::bigint, NULL)) - covered.ids) AS g (ids)
     )
     SELECT a.id FROM gaps CROSS JOIN LATERAL (
       SELECT e.id FROM audit_entries e
       WHERE e.organization_id = $1::uuid AND e.id >= gaps.low AND e.id < gaps.high
       ORDER BY e.id LIMIT $4::integer
     ) AS a
     ORDER BY a.id LIMIT $4::integer`,
    [organizationId, fromId, fromSeal, limit],
  );
  return rows.map(({ id }) => BigInt(id));
}

/** The ids of entries in these ranges (from, end without), ascending. */
export async function findEntryIdsInRanges(
  tx: Transaction,
  organizationId: string,
  ranges: readonly { readonly from: bigint; readonly end: bigint }[],
  limit: number,
): Promise<bigint[]> {
  const rows = await tx.query<{ id: string }>(
    `SELECT e.id FROM unnest($2::bigint[], $3::bigint[]) AS r (low, high)
       JOIN audit_entries e ON e.id >= r.low AND e.id < r.high
     WHERE e.organization_id = $1::uuid
     ORDER BY e.id LIMIT $4::integer`,
    [organizationId, ranges.map(({ from }) => from), ranges.map(({ end }) => end), limit],
  );
  return rows.map(({ id }) => BigInt(id));
}

interface SealableRow {
  readonly id: string;
  readonly fields: readonly (string | null)[];
}

/** Entries by their ids, as they are hashed; ascending. Ids that are not there are left out. */
export async function readSealableEntries(
  tx: Transaction,
  organizationId: string,
  ids: readonly bigint[],
): Promise<SealableEntry[]> {
  const rows = await tx.query<SealableRow>(
    `SELECT e.id, to_json(ARRAY[
       e.organization_id::text, e.id::text, ${canonicalInstant('e.at')}, e.actor, e.action, e.subject_type, e.subject_id,
       e.connection_id::text, e.run_id::text, e.before::text, e.after::text
     ]) AS fields
     FROM audit_entries e WHERE e.organization_id = $1::uuid AND e.id = ANY ($2::bigint[]) ORDER BY e.id`,
    [organizationId, ids.map(String)],
  );
  return rows.map(({ id, fields }) => ({
    id,
    fields,
    action: fields[4] ?? '',
    subjectType: fields[5] ?? '',
    subjectId: fields[6] ?? '',
    after: fields[10] ?? null,
  }));
}

/** The instant of this transaction as canonical text. */
export async function readSealingInstant(tx: Transaction): Promise<string> {
  const [row] = await tx.query<{ instant: string }>(`SELECT ${canonicalInstant('now()')} AS instant`);
  return row?.instant ?? '';
}

export async function insertSeal(tx: Transaction, seal: AuditSeal): Promise<void> {
  await tx.execute(
    `INSERT INTO audit_seals (organization_id, number, version, entry_ids, entry_count, entries_total, highest_id, entry_marks,
       content_hash, previous_hash, hash, sealed_at)
     VALUES ($1::uuid, $2::bigint, $3::integer, $4::int8multirange, $5::integer, $6::bigint, $7::bigint, $8::text,
       $9::text, $10::text, $11::text, $12::timestamptz)`,
    [
      seal.organizationId,
      seal.number,
      seal.version,
      seal.entryIds,
      seal.entryCount,
      seal.entriesTotal,
      seal.highestId,
      seal.entryMarks,
      seal.contentHash,
      seal.previousHash,
      seal.hash,
      seal.sealedAt,
    ],
  );
}
