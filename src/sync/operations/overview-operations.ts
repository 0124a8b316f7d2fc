import type { Handlers } from '../../contract/handler.ts';
import { formatMinor } from '../../kernel/money.ts';
import { listCustomersWire } from '../../ledger/customers.ts';
import { listDocuments } from '../../ledger/documents-store.ts';
import { listItems } from '../../ledger/item-list-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { type AutoPostOffer, readAutoPostOffer } from '../auto-post-offer.ts';
import { countReview, searchDeals } from '../deals-store.ts';
import { countCodes } from '../runs/run-records-list-store.ts';
import { toWire } from '../runs/run-wire.ts';
import { listRuns } from '../runs/runs-store.ts';
import type { OperationDependencies } from './operation-dependencies.ts';

export type OverviewOperations = Handlers<'getOverview' | 'search'>;

const recentRuns = 5;
/** Of each kind: what fits under a search box. */
const resultsPerKind = 5;

/** Where things stand, and finding them. */
export function createOverviewOperations(deps: OperationDependencies): OverviewOperations {
  return {
    getOverview: async (caller, { query }) => {
      const mode = query.mode ?? null;
      const connections = await deps.listConnections(caller, {
        params: undefined,
        query: { limit: 200 },
        body: undefined,
      });
      const shown = connections.data.filter((connection) => mode === null || connection.mode === mode);
      return deps.database.withOrganization(caller.organizationId, async (tx) => {
        const ids = new Set(shown.map(({ id }) => id));
        const runs = (await listRuns(tx, { connectionId: null, kind: null, before: null, limit: 50 }))
          .filter(({ connectionId }) => ids.has(connectionId))
          .slice(0, recentRuns);
        const codes = await countCodes(
          tx,
          runs.map(({ id }) => id),
        );
        const totals = await documentTotals(tx, mode);
        const offers: AutoPostOffer[] = [];
        for (const { id } of shown) offers.push(await readAutoPostOffer(tx, id));
        return {
          connections: shown,
          drafts: totals.filter(({ draft }) => draft),
          posted: totals.filter(({ draft }) => !draft),
          reviewCount: await countReview(tx, mode),
          autoPostOffers: offers.filter(({ offered }) => offered),
          recentRuns: runs.map((run) =>
            toWire(
              run,
              codes.filter(({ runId }) => runId === run.id),
              deps.now(),
            ),
          ),
        };
      });
    },
    search: async (caller, { query }) => {
      const text = query.q.trim();
      return deps.database.withOrganization(caller.organizationId, async (tx) => {
        const documents = await listDocuments(tx, { text }, { limit: resultsPerKind });
        const customers = await listCustomersWire(tx, { text }, { limit: resultsPerKind });
        const items = await listItems(tx, { text }, { limit: resultsPerKind });
        const deals = await searchDeals(tx, null, dealTextOf(text), resultsPerKind);
        return {
          data: [
            ...documents.data.map((document) => ({
              kind: 'document' as const,
              id: document.id,
              title: document.number ?? document.description,
              detail: `${document.customer.name} · ${formatMinor(document.totalMinor, document.currency)} ${document.currency}`,
              connectionId: document.connectionId,
            })),
            ...customers.data.map(({ id, name, email }) => ({
              kind: 'customer' as const,
              id,
              title: name,
              detail: email ?? '',
              connectionId: null,
            })),
            ...items.data.map(({ id, sku, name }) => ({
              kind: 'item' as const,
              id,
              title: name,
              detail: sku,
              connectionId: null,
            })),
            ...deals.map(({ sourceId, title, connectionId }) => ({
              kind: 'deal' as const,
              id: sourceId,
              title: title || sourceId,
              detail: `Deal ${sourceId}`,
              connectionId,
            })),
          ],
        };
      });
    },
  };
}

/** A pasted address ends in the record's id. */
function dealTextOf(text: string): string {
  return /^https?:\/\/\S*?(\d+)\/?(?:[?#].*)?$/.exec(text)?.[1] ?? text;
}

async function documentTotals(tx: Transaction, mode: 'live' | 'test' | null) {
  const rows = await tx.query<{ currency: string; draft: boolean; count: string; total: string }>(
    `SELECT d.currency, d.status = 'draft' AS draft, count(*) AS count, sum(d.total_minor)::bigint AS total
     FROM documents AS d JOIN entities AS e ON e.id = d.entity_id
     WHERE d.kind = 'invoice' AND d.status <> 'reversed' AND ($1::text IS NULL OR e.mode = $1) GROUP BY 1, 2 ORDER BY 1`,
    [mode],
  );
  return rows.map((row) => ({
    currency: row.currency,
    draft: row.draft,
    count: Number(row.count),
    total: formatMinor(BigInt(row.total), row.currency),
  }));
}
