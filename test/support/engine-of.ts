import type { Database } from '../../src/platform/database/database.ts';
import type { Engine } from '../../src/platform/database/engine.ts';

/** The runner below a database that is open already: another process that starts on the same store. */
export function engineOf(database: Database): Engine {
  return {
    kind: database.kind,
    transaction: (prelude, work) =>
      database.withSystem(async (tx) => {
        const runScript = async (sql: string): Promise<void> => {
          // A script as one statement, which is all that a transaction of the database takes.
          await tx.execute(`DO $script$ BEGIN ${sql.replace(/;?\s*$/, ';')} END $script$`);
        };
        if (prelude !== '') await runScript(prelude);
        return work({ ...tx, runScript });
      }),
    close: () => database.close(),
  };
}
