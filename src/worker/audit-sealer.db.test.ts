import { beforeEach, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores } from '../../test/support/database.ts';
import { openSampleTrail, type SampleTrail } from '../ledger/audit/sample-trail.ts';
import { findAuditHead } from '../ledger/audit/seal.ts';
import type { Database } from '../platform/database/database.ts';
import { startAuditSealer } from './audit-sealer.ts';

describeOnBothStores('The sealer of the audit trail', (open) => {
  let database: Database;
  let trail: SampleTrail;
  let logged: { readonly fields: object; readonly message: string }[];

  beforeEach(async () => {
    database = await open();
    trail = await openSampleTrail(database, await createOrganization(database));
    logged = [];
  });

  const start = (clock: () => Date = () => new Date()) => {
    const log = (fields: object, message: string): void => void logged.push({ fields, message });
    return startAuditSealer({ database, clock, passMs: 1, logger: { info: log, warn: log, error: log } });
  };
  const head = () => trail.inBooks((tx) => findAuditHead(tx, trail.organizationId));
  const sealed = async (number: number): Promise<void> => {
    while ((await head()).sealNumber < number) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  test('seals what is committed while it goes on, and nothing once it is stopped', async () => {
    const sealer = start();
    await sealed(1);
    await trail.note(1);
    await sealed(2);
    await sealer.stop();
    await trail.note(1);
    const last = await head();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await head()).toEqual(last);
  });

  test('logs the head once an hour, and what is not logged when it stops', async () => {
    let nowMs = Date.parse('2026-03-10T10:00:00Z');
    const sealer = start(() => new Date(nowMs));
    const untilLogged = async (count: number): Promise<void> => {
      while (logged.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    await untilLogged(1);
    await trail.note(1);
    await sealed(2);
    await trail.note(1);
    await sealed(3);
    nowMs += 3_600_000;
    await untilLogged(2);
    await trail.note(1);
    await sealed(4);
    await sealer.stop();
    const { hash, entries, at } = await head();
    expect(logged.map(({ message }) => message)).toEqual(Array(3).fill('audit trail sealed'));
    expect(logged.map(({ fields }) => fields)).toMatchObject([
      { organizationId: trail.organizationId, sealNumber: 1 },
      { sealNumber: 3 },
      { sealNumber: 4, hash, entries, sealedAt: at },
    ]);
  });
});
