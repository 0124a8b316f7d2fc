import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/platform/database/database.ts';
import { describeOnBothStores } from '../support/database.ts';
import type { Round } from './model-money.ts';
import { type Operation, operation } from './operation.ts';
import { allOperations } from './operations/all-operations.ts';
import { Counterexample, runSequences } from './run-sequences.ts';

interface PlantedBug {
  /** What a program with the bug would do. */
  readonly does: string;
  /** What is expected to be named. */
  readonly invariant: string;
  /** Done by the owner of the tables with triggers off, as though neither code nor database had refused it. */
  readonly sql: string;
}

/** `$1` is the organization: the owner of the tables sees all of them. */
const latestEntry =
  '(SELECT e.id FROM journal_entries e WHERE e.organization_id = $1::uuid ORDER BY e.id DESC LIMIT 1)';

const bugs: readonly PlantedBug[] = [
  {
    does: 'a posting that rounds one side in the base by a cent too much',
    invariant: 'entries balance',
    sql: `UPDATE journal_lines l SET base_debit_minor = l.base_debit_minor + 1
      WHERE l.entry_id = ${latestEntry} AND l.base_debit_minor > 0`,
  },
  {
    does: 'a posting that books one currency against another',
    invariant: 'entries balance',
    sql: `UPDATE journal_lines l SET currency = CASE l.currency WHEN 'USD' THEN 'KWD' ELSE 'USD' END
      WHERE l.entry_id = ${latestEntry} AND l.debit_minor > 0`,
  },
  {
    does: 'a posting to an account of another entity',
    invariant: 'entries stay within their entity',
    sql: `UPDATE journal_lines l SET account_id = b.id
      FROM accounts a, accounts b
      WHERE l.entry_id = ${latestEntry} AND a.id = l.account_id AND b.number = a.number
        AND b.organization_id = a.organization_id AND b.entity_id <> a.entity_id`,
  },
  {
    does: 'an edit of what is posted',
    invariant: 'posted entries never change',
    sql: `UPDATE journal_entries e SET description = e.description || '!' WHERE e.organization_id = $1::uuid`,
  },
  {
    does: 'a deletion of an entry that was posted',
    invariant: 'posted entries never change',
    sql: `WITH gone AS (
        SELECT e.id FROM journal_entries e WHERE e.organization_id = $1::uuid AND e.kind = 'manual' ORDER BY e.id LIMIT 1
      ), lines AS (DELETE FROM journal_lines l USING gone g WHERE l.entry_id = g.id)
      DELETE FROM journal_entries e USING gone g WHERE e.id = g.id`,
  },
  {
    does: 'a payment that lowers what is open and books nothing',
    invariant: 'open amount equals journal',
    sql: `UPDATE documents d SET open_minor = d.open_minor - 1, status = 'partly_paid'
      WHERE d.organization_id = $1::uuid AND d.kind = 'invoice' AND d.status IN ('posted', 'partly_paid') AND d.open_minor > 1`,
  },
  {
    does: 'an undoing that leaves the invoice paid and the money used',
    invariant: 'open amount equals journal',
    sql: `UPDATE settlements s SET undone_at = now(), undone_by = 'user:model', undone_entry_id = gen_random_uuid()
      WHERE s.organization_id = $1::uuid AND s.undone_at IS NULL AND s.document_id IS NOT NULL`,
  },
  {
    does: 'an allocation that leaves the receipt as it was, to be allocated again',
    invariant: 'receipts are allocated once',
    sql: `UPDATE receipts r SET unapplied_minor = r.amount_minor
      WHERE r.organization_id = $1::uuid AND r.status = 'posted' AND r.unapplied_minor < r.amount_minor`,
  },
  {
    does: 'a posting that takes a number and fails',
    invariant: 'numbers have no gap',
    sql: `UPDATE number_series n SET next_number = n.next_number + 1 WHERE n.organization_id = $1::uuid AND n.kind = 'invoice'`,
  },
  {
    does: 'a number that is given twice',
    invariant: 'numbers have no gap',
    sql: `UPDATE receipts r SET number = 'OLD' || q.number FROM receipts q
      WHERE r.id = (SELECT t.id FROM receipts t WHERE t.organization_id = $1::uuid ORDER BY t.id DESC LIMIT 1)
        AND q.organization_id = r.organization_id AND q.entity_id = r.entity_id AND q.number < r.number`,
  },
  {
    does: 'a month that is locked and goes on taking entries',
    invariant: 'months that are closed take no more',
    sql: `UPDATE fiscal_periods p SET status = 'locked', status_at = '2000-01-01', status_by = 'user:model', status_reason = 'Month end'
      WHERE p.organization_id = $1::uuid AND EXISTS (
        SELECT FROM journal_entries e WHERE e.entity_id = p.entity_id AND e.entry_date BETWEEN p.start_date AND p.end_date)`,
  },
];

const usual = ['draft invoice', 'post', 'receipt', 'allocate receipt', 'manual entry'];

/** Few kinds and short sequences: a bug of this size is met soon. */
const optionsOf = (planted: readonly Operation[], round?: Round) => ({
  operations: [...allOperations.filter(({ kind }) => usual.includes(kind)), ...planted],
  seed: 7,
  sequences: 4,
  length: 30,
  compareEvery: 5,
  shorteningRunsMax: 20,
  ...(round ? { round } : {}),
});

describeOnBothStores('Random operations find', (open) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });

  const found = (planted: readonly Operation[], round?: Round): Promise<unknown> =>
    runSequences(database, optionsOf(planted, round)).catch((error: unknown) => error);

  test('nothing where nothing is planted', { timeout: 300_000 }, async () => {
    expect(await found([])).toBeInstanceOf(Map);
  });

  test.each(bugs)('$does: $invariant', { timeout: 300_000 }, async ({ does, invariant, sql }) => {
    const plant = operation('planted bug', 8, fc.constant(null), (books) => ({
      says: does,
      refusal: null,
      act: async (tx) => {
        await tx.execute('RESET ROLE');
        await tx.execute('SET LOCAL session_replication_role = replica');
        await tx.execute(sql, [books.organizationId]);
      },
      apply: () => {},
    }));
    const error = await found([plant]);
    expect(error).toBeInstanceOf(Counterexample);
    expect(error).toMatchObject({ invariant, message: expect.stringContaining(does) });
  });

  test('a rounding to the wrong side: documents', { timeout: 300_000 }, async () => {
    const towardZero: Round = (numerator, denominator) => numerator / denominator;
    expect(await found([], towardZero)).toMatchObject({ invariant: 'documents' });
  });
});
