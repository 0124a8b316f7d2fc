import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores, whereParallel } from '../../../test/support/database.ts';
import { appendAuditEntries } from '../../platform/audit/audit-store.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { readDocumentDigests } from './document-digests.ts';
import { readJournalEntryDigests } from './journal-digests.ts';
import { openSampleTrail, type SampleTrail } from './sample-trail.ts';
import { findAuditHead, sealEntriesMax, sealPending } from './seal.ts';
import { sealHash } from './seal-hashes.ts';
import { findLastSeal, readSealableEntries, waitForSealLock } from './seals-store.ts';
import { verifyAudit } from './verify.ts';

describeOnBothStores('Sealing the audit trail', (open, kind) => {
  let database: Database;
  let trail: SampleTrail;

  beforeAll(async () => {
    database = await open();
  });
  beforeEach(async () => {
    trail = await openSampleTrail(database, await createOrganization(database));
  });

  const entriesOf = (tx: Transaction): Promise<{ id: string; seals: string }[]> =>
    tx.query(
      `SELECT e.id, (SELECT count(*) FROM audit_seals s WHERE s.entry_ids @> e.id) AS seals FROM audit_entries e ORDER BY e.id`,
    );
  const sealsOfEntries = async (): Promise<string[]> =>
    (await trail.inBooks(entriesOf)).map(({ seals }) => seals);
  const seal = () => sealPending(database, trail.organizationId);

  test('covers each entry once, in batches that follow each other, and does nothing when nothing is new', async () => {
    await trail.note(sealEntriesMax + 1);
    await trail.post([100n]);
    const { seals, head } = await seal();
    expect(seals).toBe(2);
    const covered = await sealsOfEntries();
    expect(new Set(covered)).toEqual(new Set(['1']));
    expect(head).toMatchObject({
      organization: trail.organizationId,
      sealNumber: 2,
      entries: covered.length,
    });
    expect(await seal()).toEqual({ seals: 0, head });
    expect(await trail.inBooks((tx) => findAuditHead(tx, trail.organizationId))).toEqual(head);
  });

  test('says of a trail without a seal that there is none', async () => {
    expect(await trail.inBooks((tx) => findAuditHead(tx, trail.organizationId))).toEqual({
      organization: trail.organizationId,
      sealNumber: 0,
      hash: null,
      entries: 0,
      at: null,
    });
  });

  test('takes over what was posted before there were digests, as it is found, and only before the first seal', async () => {
    await trail.post([100n]);
    await trail.enter(50n);
    await trail.forge([
      `UPDATE audit_entries SET after = after - 'digest', action = CASE WHEN action = 'journal_entry.recorded' THEN 'thing.kept' ELSE action END
       WHERE organization_id = $1::uuid`,
      [trail.organizationId],
    ]);
    expect(await verifyAudit(database, trail.books.context)).toMatchObject({
      holds: true,
      journalEntries: 2,
      documents: 1,
      takenOver: { journalEntries: 2, documents: 1 },
    });
    const later = await trail.enter(60n);
    await trail.forge([
      `UPDATE audit_entries SET action = 'thing.kept' WHERE subject_id = $1::text AND action = 'journal_entry.recorded'`,
      [later],
    ]);
    const verified = await verifyAudit(database, trail.books.context);
    expect(verified.problems).toMatchObject([{ kind: 'journal_entry_unrecorded', subjectId: later }]);
  });

  test('hashes the same text whatever the session says of zones, days and numbers', async () => {
    await trail.post([100n]);
    await trail.note(2);
    await seal();
    const settings = [
      "TimeZone = 'Asia/Tokyo'",
      "DateStyle = 'German, DMY'",
      'extra_float_digits = 0',
      "IntervalStyle = 'iso_8601'",
    ];
    const read = (change: readonly string[]) =>
      trail.inBooks(async (tx) => {
        for (const setting of change) await tx.execute(`SET LOCAL ${setting}`);
        const ids = (await entriesOf(tx)).map(({ id }) => BigInt(id));
        const rows = await tx.query<{ id: string; what: string }>(
          "SELECT id, 'entry' AS what FROM journal_entries UNION ALL SELECT id, 'document' FROM documents",
        );
        const all = rows.map(({ id }) => id);
        return [
          await readSealableEntries(tx, trail.organizationId, ids),
          [...(await readJournalEntryDigests(tx, all)).values()].map(({ digest }) => digest),
          [...(await readDocumentDigests(tx, all)).values()],
        ];
      });
    expect(await read(settings)).toEqual(await read([]));
  });

  describe('in the database', () => {
    test('keeps seals as they are, and takes only the next one of the chain', async () => {
      await seal();
      const last = await trail.inBooks((tx) => findLastSeal(tx, trail.organizationId));
      for (const sql of [
        'UPDATE audit_seals SET version = 2',
        'DELETE FROM audit_seals',
        'TRUNCATE audit_seals',
      ]) {
        await expect(trail.inBooks((tx) => tx.execute(sql))).rejects.toThrow(/append-only|permission denied/);
      }
      const insert = (change: Record<string, unknown>): Promise<number> =>
        trail.inBooks((tx) =>
          tx.execute(
            `INSERT INTO audit_seals SELECT (jsonb_populate_record(s, $1::jsonb)).* FROM audit_seals s ORDER BY s.number DESC LIMIT 1`,
            [JSON.stringify(change)],
          ),
        );
      const next = {
        number: 2,
        previous_hash: last?.hash,
        entries_total: Number(last?.entriesTotal) + Number(last?.entryCount),
      };
      const refused = /does not go on|audit_seals_(first|marks|pkey)|_check/;
      await expect(insert({ ...next, number: 3 })).rejects.toThrow(refused);
      await expect(insert({ ...next, previous_hash: '0'.repeat(64) })).rejects.toThrow(refused);
      await expect(insert({ ...next, previous_hash: null })).rejects.toThrow(refused);
      await expect(insert({ ...next, entries_total: 1_000_000 })).rejects.toThrow(refused);
      await expect(insert({ ...next, entry_marks: '' })).rejects.toThrow(refused);
      await expect(insert({})).rejects.toThrow(refused);
      expect(await insert(next)).toBe(1);
    });

    test('keeps the seals of organizations apart', async () => {
      await seal();
      const other = await openSampleTrail(database, await createOrganization(database));
      expect(await other.inBooks((tx) => tx.query('SELECT number FROM audit_seals'))).toEqual([]);
    });
  });

  test('names an entry that was slipped in among sealed ones long ago', async () => {
    // A deed that is undone leaves a gap between the ids.
    const undone = trail.inBooks(async (tx) => {
      await appendAuditEntries(tx, trail.books.context, [{ action: 'x', subjectType: 'x', subjectId: 'x' }]);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    await trail.note(1);
    await seal();
    await makeLastSealOlder();
    await trail.note(1);
    await seal();
    const [gap] = await trail.inBooks((tx) =>
      tx.query<{ id: string }>('SELECT max(id) - 2 AS id FROM audit_entries'),
    );
    await trail.forge([
      `INSERT INTO audit_entries (id, organization_id, actor, action, subject_type, subject_id) OVERRIDING SYSTEM VALUE
       VALUES ($1::bigint, $2::uuid, 'user:other', 'thing.changed', 'thing', '1')`,
      [gap?.id, trail.organizationId],
    ]);
    const { problems } = await verifyAudit(database, trail.books.context);
    expect(problems).toMatchObject([{ kind: 'entry_unsealed', subjectId: gap?.id }]);
  });

  /** A transaction that has done its work and stays open until `commit`. */
  function holdOpen(work: (tx: Transaction) => Promise<void>) {
    let begin = (): void => undefined;
    let end = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const done = trail.inBooks(async (tx) => {
      await work(tx);
      begin();
      await ended;
    });
    const commit = (): Promise<void> => {
      end();
      return done;
    };
    return { begun, commit };
  }

  /** As if it had been made two hours ago. */
  async function makeLastSealOlder(): Promise<void> {
    const last = await trail.inBooks((tx) => findLastSeal(tx, trail.organizationId));
    if (!last) throw new Error('There is a seal');
    const sealedAt = `${new Date(Date.parse(last.sealedAt) - 7_200_000).toISOString().slice(0, -1)}000Z`;
    const older = { ...last, sealedAt };
    await trail.forge([
      'UPDATE audit_seals SET sealed_at = $3::timestamptz, hash = $4::text WHERE organization_id = $1::uuid AND number = $2::bigint',
      [trail.organizationId, last.number, sealedAt, sealHash(older)],
    ]);
  }

  whereParallel(kind, () => {
    test('seals an entry whose transaction began earlier and ended later', async () => {
      await seal();
      const entry = { action: 'thing.changed', subjectType: 'thing', subjectId: 'late' };
      const late = holdOpen((tx) => appendAuditEntries(tx, trail.books.context, [entry]));
      await late.begun;
      await trail.note(2);
      expect(await seal()).toMatchObject({ seals: 1 });
      await late.commit();
      expect(await seal()).toMatchObject({ seals: 1 });
      expect(new Set(await sealsOfEntries())).toEqual(new Set(['1']));
      expect(await verifyAudit(database, trail.books.context)).toMatchObject({ holds: true });
    });

    test('keeps no writer waiting: deeds are done while a sealer holds its lock, and all of them get sealed', async () => {
      await seal();
      const sealer = holdOpen((tx) => waitForSealLock(tx, trail.organizationId));
      await sealer.begun;
      // Would never end if one of them waited for the sealer.
      await Promise.all([trail.post([100n]), trail.enter(5n), trail.note(3)]);
      await sealer.commit();
      const sealers = [1, 2, 3].map(() => seal());
      const writers = Array.from({ length: 12 }, (_, index) => trail.post([BigInt(index + 1)]));
      await Promise.all([...sealers, ...writers]);
      await seal();
      expect(new Set(await sealsOfEntries())).toEqual(new Set(['1']));
      expect(await verifyAudit(database, trail.books.context)).toMatchObject({ holds: true });
    });
  });
});
