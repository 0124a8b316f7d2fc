import type { SyncScope } from '../model/sync-scope.ts';
import type { Database, Transaction } from '../platform/database/database.ts';
import { applyBatch, type DealToApply, StaleDecision } from './apply/apply-batch.ts';
import { changesBetween, customerFields, fingerprintOf, itemFields } from './plan/applied-fields.ts';
import { readField } from './plan/field-source.ts';
import { newOverlay, type PlanContext, type PlanOverlay } from './plan/plan-context.ts';
import { type PlannedDeal, planDeal, refuse } from './plan/plan-deal.ts';
import { refusal } from './plan/refusal.ts';
import { loadBatch } from './load-batch.ts';
import type { StoredRecord } from './pull/source-row.ts';
import { isStoreTrouble, sqlStateOf } from './store-trouble.ts';

/** Deals of one transaction. 500 is where the embedded store's bulk rate levels off; it blocks other requests for some 60 ms. */
export const batchSize = 500;
/** How often a batch is planned again when what it stood on changed under it. */
const staleAttemptsMax = 3;

export interface BatchInput {
  readonly database: Database;
  readonly scope: SyncScope;
  readonly runId: string;
  readonly context: PlanContext;
  readonly deals: readonly StoredRecord[];
  /** Milliseconds that a plan took, of all that the batch takes. */
  readonly onPlanned: (ms: number) => void;
  readonly onUnexpected: (error: unknown, dealId: string) => void;
}

const fingerprinting = { customerFields, itemFields, fingerprintOf, changesBetween };

/**
 * Plans the deals and carries the plan out, in one transaction. Where the transaction cannot be written the deals are halved until
 * the bad one stands alone and fails by itself. A store that is down or full stops the run instead: no deal is to blame.
 */
export async function processBatch(input: BatchInput): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await input.database.withOrganization(input.scope.organizationId, (tx) => planAndApply(tx, input));
      return;
    } catch (error) {
      if (isStoreTrouble(error)) throw error;
      const stale = error instanceof StaleDecision || sqlStateOf(error) === uniqueViolation;
      if (stale && attempt < staleAttemptsMax) continue;
      if (input.deals.length > 1) return halve(input);
      return failAlone(input, error);
    }
  }
}

async function planAndApply(tx: Transaction, input: BatchInput): Promise<void> {
  const { scope, context, deals, runId } = input;
  const startedAt = Date.now();
  const planned = await planBatch(tx, scope, context, deals, newOverlay());
  input.onPlanned(Date.now() - startedAt);
  await applyBatch(
    tx,
    scope,
    runId,
    planned.map((deal) => toApply(deal, context)),
    fingerprinting,
  );
}

/** The decisions about these deals, with nothing written. */
export async function planBatch(
  tx: Transaction,
  scope: SyncScope,
  context: PlanContext,
  deals: readonly StoredRecord[],
  overlay: PlanOverlay,
): Promise<PlannedDeal[]> {
  const { snapshots, books } = await loadBatch(tx, scope, context, deals);
  return snapshots.map((snapshot) => planDeal(snapshot, context, books, overlay));
}

export function toApply(planned: PlannedDeal, context: PlanContext): DealToApply {
  const { deal, document } = planned.snapshot;
  return {
    ...planned,
    title: titleOf(planned, context),
    version: deal.updatedAt,
    link: document?.link ?? null,
    documentVersion: document?.version ?? null,
  };
}

export function titleOf({ snapshot }: PlannedDeal, context: PlanContext): string {
  return (
    readField(context.configuration.deals.fields.description, snapshot.deal.properties) ??
    `${context.dealWord} ${snapshot.deal.id}`
  );
}

async function halve(input: BatchInput): Promise<void> {
  const middle = Math.ceil(input.deals.length / 2);
  await processBatch({ ...input, deals: input.deals.slice(0, middle) });
  await processBatch({ ...input, deals: input.deals.slice(middle) });
}

async function failAlone(input: BatchInput, error: unknown): Promise<void> {
  const [stored] = input.deals;
  if (!stored) return;
  input.onUnexpected(error, stored.record.id);
  const why =
    sqlStateOf(error) === uniqueViolation
      ? refusal('duplicate_deal')
      : refusal('invalid_vendor_data', { detail: 'the books could not store it' });
  await input.database.withOrganization(input.scope.organizationId, async (tx) => {
    const { snapshots } = await loadBatch(tx, input.scope, input.context, [stored]);
    const refused = snapshots.map((snapshot) => toApply(refuse(snapshot, why), input.context));
    await applyBatch(tx, input.scope, input.runId, refused, fingerprinting);
  });
}

const uniqueViolation = '23505';
export { fingerprinting };
