import type { Database, Transaction } from '../platform/database/database.ts';

/** Carries the answer out of a transaction that is not to be kept. */
class Discarded<T> extends Error {
  readonly answer: T;
  constructor(answer: T) {
    super('The transaction is not kept.');
    this.answer = answer;
  }
}

/**
 * Does the work in a transaction of the organization and answers; `dryRun`: nothing of it is kept, and everything that the database
 * checks at a commit is checked all the same.
 */
export async function keptUnless<T>(
  database: Database,
  organizationId: string,
  dryRun: boolean,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  if (!dryRun) return database.withOrganization(organizationId, work);
  try {
    await database.withOrganization(organizationId, async (tx) => {
      const answer = await work(tx);
      await tx.execute('SET CONSTRAINTS ALL IMMEDIATE');
      throw new Discarded(answer);
    });
  } catch (error) {
    if (error instanceof Discarded) return error.answer as T;
    throw error;
  }
  throw new Error('A dry run ends by being discarded.');
}
