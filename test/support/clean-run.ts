import { expect } from 'vitest';
import type { DocumentWire } from '../../src/ledger/documents-wire.ts';
import { openSyncWorld, type SyncWorld } from './sync-world.ts';

/**
 * Syncs the portal of this world, as it is now and without faults, to an organization of its own, and expects the world's documents to
 * be the same: one a deal, with the same customer, lines and total.
 */
export async function expectBooksOfCleanRun(
  world: Pick<SyncWorld, 'database' | 'caller' | 'connectionId' | 'documents' | 'sandbox'>,
): Promise<void> {
  const clean = await openSyncWorld(world.database, { running: world.sandbox });
  await clean.sync();
  const expected = contentsOf(await clean.documents());
  expect(expected.size).toBeGreaterThan(20);
  expect(contentsOf(await world.documents())).toEqual(expected);
  // The map holds one document a deal: a second one of the same deal shows in the count only.
  const [row] = await world.database.withOrganization(world.caller.organizationId, (tx) =>
    tx.query('SELECT count(*)::integer AS documents FROM documents WHERE connection_id = $1', [
      world.connectionId,
    ]),
  );
  expect(row?.['documents']).toBe(expected.size);
}

function contentsOf(documents: ReadonlyMap<string, DocumentWire>): Map<string, unknown> {
  const entries = [...documents].map(([dealId, document]): [string, unknown] => {
    const { status, total, currency, documentDate, description, customer, salesRep, lines } = document;
    const { name, sourceId } = customer;
    return [
      dealId,
      {
        ...{ status, total, currency, documentDate, description, salesRep, customer: { name, sourceId } },
        lines: lines.map((line) => ({ ...line, itemId: null })),
      },
    ];
  });
  return new Map(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}
