import type { SyncScope } from '../model/sync-scope.ts';
import type { CustomerPlan } from '../model/document-draft.ts';
import type { Database } from '../platform/database/database.ts';
import { applyCustomers } from './apply/apply-masters.ts';
import { type RunRecord, writeRunRecords } from './apply/run-records-store.ts';
import { loadCompanies } from './load-batch.ts';
import { failingFilter } from './plan/filters.ts';
import { newOverlay, type PlanContext } from './plan/plan-context.ts';
import { planParty } from './plan/plan-customer.ts';
import { batchSize, fingerprinting } from './process-batch.ts';
import { companiesAfter } from './pull/staging-store.ts';
import { findUnread } from './pull/unread-store.ts';
import { unreadRefusal } from './unread-refusal.ts';
import type { RunReporter } from './run-reporter.ts';

/**
 * Companies as customers beyond those of deals (C2): all of them, or those that pass the filter. Each batch is one transaction;
 * a company whose customer stands as its mapping says writes nothing.
 */
export async function syncCompanies(
  database: Database,
  scope: SyncScope,
  runId: string,
  context: PlanContext,
  reporter: RunReporter,
): Promise<void> {
  const { scope: which, filters } = context.configuration.companies;
  const unread = await failUnread(database, scope, runId);
  let after = '';
  for (;;) {
    const last = await database.withOrganization(scope.organizationId, async (tx) => {
      const stored = await companiesAfter(tx, scope, after, batchSize);
      const records = stored
        .map(({ record }) => record)
        .filter(
          (record) =>
            !record.archived &&
            !unread.has(record.id) &&
            (which === 'all' || failingFilter(filters, record.properties) === null),
        );
      const books = await loadCompanies(tx, scope, context, records);
      const overlay = newOverlay();
      const plans: CustomerPlan[] = [];
      const refused: RunRecord[] = [];
      for (const record of records) {
        const plan = planParty({ type: 'company', id: record.id }, record, context, books, overlay);
        if ('code' in plan) refused.push(failure(record.id, plan.code, plan.reason));
        else plans.push(plan);
      }
      const written = await applyCustomers(tx, scope, plans, fingerprinting);
      await writeRunRecords(tx, scope.organizationId, runId, [...written, ...refused]);
      return stored.at(-1)?.record.id ?? null;
    });
    if (last === null) return;
    after = last;
    await reporter.done(0);
  }
}

/** Companies that cannot be read, whether they are stored or not, fail by name. Returns their ids. */
async function failUnread(database: Database, scope: SyncScope, runId: string): Promise<ReadonlySet<string>> {
  return database.withOrganization(scope.organizationId, async (tx) => {
    const unread = (await findUnread(tx, scope)).filter(({ type }) => type === 'company');
    const records = unread.map((company) => {
      const { code, reason } = unreadRefusal(company, `company ${company.id}`);
      return failure(company.id, code, reason);
    });
    await writeRunRecords(tx, scope.organizationId, runId, records);
    return new Set(unread.map(({ id }) => id));
  });
}

function failure(sourceId: string, code: string, reason: string): RunRecord {
  const nothing = {
    warnings: [],
    changes: [],
    document: null,
    documentId: null,
    currency: null,
    amountMinor: null,
  };
  return {
    sourceType: 'company',
    sourceId,
    title: '',
    decision: 'fail',
    outcome: 'failed',
    code,
    reason,
    ...nothing,
  };
}
