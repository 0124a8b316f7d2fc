import type { Transaction } from '../../src/platform/database/database.ts';
import { Difference } from './operation.ts';

/** What held of the journal when it was looked at last: the digest of each entry with its lines, by id. */
export type KeptEntries = Map<string, string>;

interface Invariant {
  /** As `src/ledger/README.md` has it. */
  readonly name: string;
  /** Rows that should not be there; `detail` says what is wrong. */
  readonly sql: string;
}

/** What must hold whatever the model says. Of one organization: the transaction sees no other. */
const invariants: readonly Invariant[] = [
  {
    name: 'entries balance',
    sql: `SELECT l.entry_id || ' in ' || coalesce(l.currency, 'the base') AS detail
      FROM journal_lines l
      GROUP BY GROUPING SETS ((l.entry_id, l.currency), (l.entry_id))
      HAVING CASE WHEN grouping(l.currency) = 0 THEN sum(l.debit_minor) <> sum(l.credit_minor)
        ELSE sum(l.base_debit_minor) <> sum(l.base_credit_minor) END`,
  },
  {
    name: 'entries stay within their entity',
    sql: `SELECT l.entry_id::text AS detail
      FROM journal_lines l JOIN journal_entries e ON e.id = l.entry_id JOIN accounts a ON a.id = l.account_id
        LEFT JOIN documents d ON d.id = coalesce(l.document_id, e.document_id)
      WHERE a.entity_id <> e.entity_id OR d.entity_id <> e.entity_id`,
  },
  {
    name: 'open amount equals journal',
    sql: `SELECT concat_ws(' ', d.kind, d.number, d.status, 'has', d.open_minor, 'open, journal', b.booked, 'settled', s.settled) AS detail
      FROM documents d
      LEFT JOIN LATERAL (
        SELECT coalesce(sum(l.debit_minor - l.credit_minor), 0) * CASE d.kind WHEN 'credit_note' THEN -1 ELSE 1 END AS booked
        FROM journal_lines l WHERE l.document_id = d.id
      ) b ON true
      LEFT JOIN LATERAL (
        SELECT coalesce(sum(s.amount_minor), 0) AS settled FROM settlements s
        WHERE d.id IN (s.document_id, s.credit_note_id) AND s.undone_at IS NULL
      ) s ON true
      WHERE CASE WHEN d.status IN ('draft', 'reversed') THEN (b.booked, s.settled) <> (0, 0)
        ELSE (b.booked, s.settled) <> (d.open_minor, d.total_minor - d.open_minor) END`,
  },
  {
    name: 'receipts are allocated once',
    sql: `SELECT r.number || ' has ' || r.unapplied_minor || ' left' AS detail
      FROM receipts r
      WHERE r.unapplied_minor <> CASE r.status WHEN 'reversed' THEN 0 ELSE r.amount_minor END - coalesce(
        (SELECT sum(s.amount_minor) FROM settlements s WHERE s.receipt_id = r.id AND s.undone_at IS NULL), 0)`,
  },
  {
    name: 'numbers have no gap',
    sql: `SELECT concat_ws(' ', n.kind, 'goes on at', n.next_number, 'with', t.taken, 'numbers up to', t.last) AS detail
      FROM number_series n
      LEFT JOIN LATERAL (
        SELECT count(DISTINCT u.number) AS taken, max(u.number) AS last FROM (
          SELECT substring(d.number FROM '[0-9]+$')::bigint AS number FROM documents d
          WHERE d.entity_id = n.entity_id AND d.kind = n.kind AND d.number IS NOT NULL
          UNION ALL
          SELECT substring(r.number FROM '[0-9]+$')::bigint FROM receipts r WHERE r.entity_id = n.entity_id AND n.kind = 'receipt'
        ) u
      ) t ON true
      WHERE (t.taken, coalesce(t.last, 0)) <> (n.next_number - 1, n.next_number - 1)`,
  },
  {
    name: 'months that are closed take no more',
    sql: `SELECT concat_ws(' ', e.kind, e.entry_date, 'in', p.name, p.status) AS detail
      FROM journal_entries e
      JOIN fiscal_periods p ON p.entity_id = e.entity_id AND e.entry_date BETWEEN p.start_date AND p.end_date
      LEFT JOIN journal_entries v ON v.id = e.reverses_entry_id
      WHERE p.status <> 'open' AND e.created_at > p.status_at AND (p.status = 'locked' OR NOT (
        e.adjusting OR e.kind IN ('closing', 'revaluation') OR coalesce(v.kind, '') IN ('closing', 'revaluation')
      ))`,
  },
];

/** Throws the `Difference` of the first invariant that does not hold. */
export async function checkInvariants(tx: Transaction, kept: KeptEntries): Promise<void> {
  for (const { name, sql } of invariants) {
    const [row] = await tx.query<{ detail: string }>(sql);
    if (row) throw new Difference(name, row.detail);
  }
  await checkKeptEntries(tx, kept);
}

/** Each entry that was there is there still, and says the same; new ones are kept for the next time. */
async function checkKeptEntries(tx: Transaction, kept: KeptEntries): Promise<void> {
  const rows = await tx.query<{ id: string; digest: string }>(
    `SELECT e.id, md5(e::text || string_agg(l::text, ';' ORDER BY l.position)) AS digest
     FROM journal_entries e JOIN journal_lines l ON l.entry_id = e.id
     GROUP BY e.id`,
  );
  const found = new Map(rows.map(({ id, digest }) => [id, digest]));
  for (const [id, digest] of kept) {
    if (found.get(id) === digest) continue;
    throw new Difference(
      'posted entries never change',
      `${id} ${found.has(id) ? 'says something else' : 'is gone'}`,
    );
  }
  for (const [id, digest] of found) kept.set(id, digest);
}
