import { getCustomers } from '../ledger/customers-store.ts';
import type { SyncScope } from '../model/sync-scope.ts';
import type { Database, Transaction } from '../platform/database/database.ts';
import { runRecordOf } from './apply/apply-batch.ts';
import { copyStandingDecisions, type RunRecord, writeRunRecords } from './apply/run-records-store.ts';
import { qualifiesForAutoPost } from './plan/auto-post.ts';
import { newOverlay, type PlanContext } from './plan/plan-context.ts';
import type { PlannedDeal } from './plan/plan-deal.ts';
import { toWire } from './planned-document-wire.ts';
import { batchSize, planBatch, toApply } from './process-batch.ts';
import { countPending, pendingDeals } from './pull/staging-store.ts';
import type { RunReporter } from './run-reporter.ts';

/** The plan of a whole sync, written into the run and nowhere else. One overlay serves all batches: nothing is applied between them. */
export async function previewDeals(
  database: Database,
  scope: SyncScope,
  runId: string,
  context: PlanContext,
  reporter: RunReporter,
): Promise<void> {
  const overlay = newOverlay();
  await reporter.enter(
    'plan',
    await database.withOrganization(scope.organizationId, (tx) => countPending(tx, scope)),
  );
  let after = '';
  for (;;) {
    const last = await database.withOrganization(scope.organizationId, async (tx) => {
      const deals = await pendingDeals(tx, scope, after, batchSize);
      if (deals.length === 0) return null;
      const planned = await planBatch(tx, scope, context, deals, overlay);
      await writeRunRecords(tx, scope.organizationId, runId, await previewRecords(tx, planned, context));
      return { id: deals.at(-1)?.record.id ?? '', count: deals.length };
    });
    if (!last) break;
    after = last.id;
    await reporter.done(last.count);
  }
  await database.withOrganization(scope.organizationId, (tx) => copyStandingDecisions(tx, scope, runId));
}

/** The decisions as a preview shows them: with the document that each deal would become, and without an outcome. */
export async function previewRecords(
  tx: Transaction,
  planned: readonly PlannedDeal[],
  context: PlanContext,
): Promise<RunRecord[]> {
  const customers = await getCustomers(
    tx,
    planned.flatMap(({ draft }) =>
      draft && draft.customer.action !== 'create' ? [draft.customer.customerId] : [],
    ),
  );
  const nameById = new Map(customers.map(({ id, name }) => [id, name]));
  return planned.map((deal) => {
    const { draft, snapshot } = deal;
    const documentId = snapshot.document?.link.state === 'active' ? snapshot.document.link.targetId : null;
    const customerName =
      draft && draft.customer.action !== 'create' ? (nameById.get(draft.customer.customerId) ?? null) : null;
    return {
      ...runRecordOf(toApply(deal, context), documentId),
      ...(wouldBePosted(deal, context) ? { reason: `${deal.reason} It would be posted by this sync.` } : {}),
      outcome: null,
      document: draft && toWire(draft, customerName),
    };
  });
}

function wouldBePosted({ decision, draft }: PlannedDeal, { configuration }: PlanContext): boolean {
  if (decision !== 'create' || draft?.kind !== 'invoice') return false;
  const { currency, totalMinor, customer } = draft;
  const customerId = customer.action === 'create' ? null : customer.customerId;
  return qualifiesForAutoPost(configuration.autoPost, { currency, totalMinor, customerId });
}
