import type { Database } from '../platform/database/database.ts';
import { runLeaseMs } from '../sync/runs/runs-store.ts';

/** Renews the lease of a run that goes on; false when another worker has it, or it has ended. */
export async function renewLease(database: Database, runId: string, owner: string): Promise<boolean> {
  const renewed = await database.withSystem((tx) =>
    tx.execute(
      `UPDATE runs SET lease_expires_at = now() + $3::integer * interval '1 millisecond'
       WHERE id = $1::uuid AND lease_owner = $2::text AND status = 'running'`,
      [runId, owner, runLeaseMs],
    ),
  );
  return renewed === 1;
}

/** Ends a run that no worker survives. */
export async function giveUpRun(
  database: Database,
  runId: string,
  owner: string,
  error: object,
): Promise<void> {
  await database.withSystem((tx) =>
    tx.execute(
      `UPDATE runs SET status = 'failed', error = $3::jsonb, finished_at = now(), lease_owner = NULL, lease_expires_at = NULL
       WHERE id = $1::uuid AND lease_owner = $2::text AND status = 'running'`,
      [runId, owner, JSON.stringify(error)],
    ),
  );
}
