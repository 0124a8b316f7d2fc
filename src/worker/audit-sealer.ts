import { type AuditHead, sealPending } from '../ledger/audit/seal.ts';
import type { Database } from '../platform/database/database.ts';
import { findLastAuditEntryId, listOrganizationIds } from './sealing-store.ts';
import type { WorkerLogger } from './worker.ts';

/** How long after its commit an entry waits for its seal, as a rule. */
const defaultPassMs = 5_000;
/** A pass finds nothing to do by one look at the greatest id; an entry that commits late has a lesser one and waits for this. */
const wholePassMs = 60_000;
/** The log keeps a head of each organization outside of the store, so often at the most. */
const headLoggedMs = 3_600_000;

export interface AuditSealerDependencies {
  readonly database: Database;
  readonly logger: WorkerLogger;
  readonly clock: () => Date;
  readonly passMs?: number;
}

export interface AuditSealer {
  /** Lets the batch that is being sealed end, and logs the heads that are not in the log yet. */
  readonly stop: () => Promise<void>;
}

interface HeadState {
  readonly head: AuditHead;
  readonly loggedNumber: number;
  readonly loggedAtMs: number;
}

/** Seals what was committed to the audit trail, every few seconds, until it is stopped. Several processes may do so at once. */
export function startAuditSealer(deps: AuditSealerDependencies): AuditSealer {
  const { database, logger, clock, passMs = defaultPassMs } = deps;
  const controller = new AbortController();
  const heads = new Map<string, HeadState>();
  let lastId: string | null = null;
  let wholePassAtMs = 0;
  let timer: NodeJS.Timeout | null = null;
  let going: Promise<void> = Promise.resolve();

  const logHeads = (atLeastMs: number): void => {
    const nowMs = clock().getTime();
    for (const [organizationId, state] of heads) {
      const { head, loggedNumber, loggedAtMs } = state;
      if (head.sealNumber === loggedNumber || nowMs - loggedAtMs < atLeastMs) continue;
      const { sealNumber, hash, entries, at } = head;
      logger.info({ organizationId, sealNumber, hash, entries, sealedAt: at }, 'audit trail sealed');
      heads.set(organizationId, { head, loggedNumber: sealNumber, loggedAtMs: nowMs });
    }
  };

  const pass = async (): Promise<void> => {
    const nowMs = clock().getTime();
    const newestId = await findLastAuditEntryId(database);
    if (newestId === lastId && nowMs - wholePassAtMs < wholePassMs) return;
    for (const organizationId of await listOrganizationIds(database)) {
      if (controller.signal.aborted) return;
      const { head } = await sealPending(database, organizationId, controller.signal);
      const state = heads.get(organizationId) ?? { loggedNumber: 0, loggedAtMs: 0 };
      if (head.sealNumber > 0) heads.set(organizationId, { ...state, head });
    }
    lastId = newestId;
    wholePassAtMs = nowMs;
  };

  const next = (): void => {
    going = pass()
      .catch((error: unknown) => logger.warn({ err: error }, 'sealing the audit trail failed'))
      .then(() => {
        logHeads(headLoggedMs);
        if (!controller.signal.aborted) timer = setTimeout(next, passMs);
      });
  };
  timer = setTimeout(next, passMs);
  return {
    stop: async () => {
      controller.abort();
      if (timer) clearTimeout(timer);
      await going;
      logHeads(0);
    },
  };
}
