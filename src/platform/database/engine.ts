import type { Transaction } from './transaction.ts';

/** What migrations need besides: several statements in one text, without parameters. */
export interface Session extends Transaction {
  runScript(sql: string): Promise<void>;
}

/** One of the two stores, below roles, tenants and migrations. */
export interface Engine {
  readonly kind: 'pglite' | 'postgres';
  /**
   * Runs `work` between BEGIN and COMMIT, with ROLLBACK when it throws. `prelude` is run right after BEGIN, in the same
   * message where the driver can.
   */
  transaction<T>(prelude: string, work: (session: Session) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
