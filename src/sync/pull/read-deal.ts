import type { CrmSource, KnownRecord, Session, UnreadIds, UnreadRecord } from '../../connectors/connector.ts';
import { TributaryError } from '../../kernel/errors.ts';
import type { SourceObjectType } from '../../model/source-record.ts';
import type { Database } from '../../platform/database/database.ts';
import type { StoredRecord } from './source-row.ts';
import * as staging from './staging-store.ts';
import { findUnread, forgetUnread } from './unread-store.ts';

/**
 * Reads one deal with everything that it points at from the CRM and stages it. `wanted` are the property names of one or more
 * configurations. Errors: vendor_missing when the CRM has no such deal, and what its calls may throw.
 */
export async function readDeal(
  database: Database,
  crm: CrmSource,
  session: Session,
  scope: staging.StagingScope,
  dealId: string,
  wanted: readonly Readonly<Record<SourceObjectType, readonly string[]>>[],
): Promise<StoredRecord> {
  const properties = mergeNames(wanted);
  const nothingKnown = async (): Promise<ReadonlyMap<string, KnownRecord>> => new Map();
  const unread = await database.withOrganization(scope.organizationId, (tx) => findUnread(tx, scope));
  const batch = await crm.hydrate(session, {
    deals: [{ id: dealId, summary: true, associations: null }],
    properties,
    known: nothingKnown,
    unread: idsByType(unread),
  });
  const lacking = batch.lacking.get(dealId);
  if (lacking) throw new TributaryError(lacking.code, lacking.detail);
  if (!batch.records.some(({ type, id }) => type === 'deal' && id === dealId))
    throw new TributaryError('vendor_missing', `The CRM has no deal ${dealId}.`);
  return database.withOrganization(scope.organizationId, async (tx) => {
    const changed = await staging.stageRecords(tx, scope, batch.records, new Set([dealId]));
    await staging.markDealsOf(tx, scope, changed);
    await forgetUnread(tx, scope, batch.records);
    const [stored] = await staging.findDeals(tx, scope, [dealId]);
    if (!stored) throw new TributaryError('vendor_missing', `The CRM has no deal ${dealId}.`);
    return stored;
  });
}

function idsByType(unread: readonly UnreadRecord[]): UnreadIds {
  const ids: Partial<Record<SourceObjectType, Set<string>>> = {};
  for (const { type, id } of unread) (ids[type] ??= new Set()).add(id);
  return ids;
}

function mergeNames(
  wanted: readonly Readonly<Record<SourceObjectType, readonly string[]>>[],
): Record<SourceObjectType, string[]> {
  const merged = {} as Record<SourceObjectType, string[]>;
  for (const names of wanted) {
    for (const [type, list] of Object.entries(names) as [SourceObjectType, readonly string[]][]) {
      merged[type] = [...new Set([...(merged[type] ?? []), ...list])];
    }
  }
  return merged;
}
