import type { HandlerOutput, Handlers } from '../../contract/handler.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { divideIntoBatches } from '../divide-into-batches.ts';
import type { DocumentFilter } from '../../ledger/document-filter.ts';
import {
  type Document,
  type DocumentSort,
  getDocument,
  getDocuments,
  listDocuments,
  readDocumentTotals,
} from '../../ledger/documents-store.ts';
import { documentToWire } from '../../ledger/documents-wire.ts';
import { postDocuments, type PostingOutcome } from '../../ledger/posting.ts';
import { reverseDocument } from '../../ledger/reversal.ts';
import { formatMinor } from '../../kernel/money.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { readAccountOverrides, readDocumentSurroundings } from '../books-reading-store.ts';
import { fileNameOf, readPrintableInvoice } from '../printable-invoice.ts';
import { renderInvoicePdf } from '../../reports/invoice-pdf/invoice-pdf.ts';
import { optionalCalendarDate } from '../calendar-date.ts';
import { pageOverEntities } from '../page-over-entities.ts';
import { withoutUndefined } from '../without-undefined.ts';
import { entityIdsOf } from './entities.ts';
import { postDrafts, postingBatchOf } from './post-drafts.ts';

export type DocumentOperationId =
  | 'listDocuments'
  | 'getDocument'
  | 'getDocumentPdf'
  | 'postDocuments'
  | 'postDrafts'
  | 'reverseDocument';
type DocumentOutput = HandlerOutput<'getDocument'>;

/** Invoices and what else a deal becomes: reading, posting, reversing. */
export function documentHandlers(database: Database): Handlers<DocumentOperationId> {
  return {
    listDocuments: ({ organizationId }, { query }) =>
      database.withOrganization(organizationId, async (tx) => {
        const filter = filterOf(query);
        const sort = sortOf(query.sort);
        const entityIds = await entityIdsOf(tx, query);
        const page =
          entityIds === null
            ? await listDocuments(tx, filter, { limit: query.limit, after: query.after ?? null, sort })
            : await pageOverEntities(entityIds, query, (entityId, request) =>
                listDocuments(tx, { ...filter, entityId }, { ...request, sort }),
              );
        const totals = await totalsOf(tx, filter, entityIds);
        const total = totals.reduce((sum, { count }) => sum + count, 0);
        return { data: await documentsToWire(tx, page.data), next: page.next, total, totals };
      }),
    getDocument: ({ organizationId }, { params }) =>
      database.withOrganization(organizationId, (tx) => documentOutput(tx, params.id)),
    getDocumentPdf: async ({ organizationId }, { params }) => {
      const printable = await database.withOrganization(organizationId, (tx) =>
        readPrintableInvoice(tx, params.id),
      );
      return { name: fileNameOf(printable), bytes: await renderInvoicePdf(printable) };
    },
    postDocuments: async (caller, { body }) => {
      const data = [];
      for (const ids of divideIntoBatches(body.ids, postingBatchOf(database))) {
        data.push(
          ...(await database.withOrganization(caller.organizationId, async (tx) => {
            const overridesByConnection = await readAccountOverrides(tx, ids);
            const outcomes = await postDocuments(tx, ids, caller, { overridesByConnection });
            return outcomesToWire(tx, outcomes);
          })),
        );
      }
      return { data };
    },
    postDrafts: (caller, { body }) => postDrafts(database, caller, body, filterOf(body)),
    reverseDocument: (caller, { params, body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        const date = optionalCalendarDate('date', body?.date);
        await reverseDocument(tx, params.id, caller, withoutUndefined({ date }));
        return documentOutput(tx, params.id);
      }),
  };
}

interface DocumentQuery {
  readonly kind?: NonNullable<DocumentFilter['kinds']>[number] | undefined;
  readonly kinds?: string | undefined;
  readonly disputed?: 'true' | 'false' | undefined;
  readonly connectionId?: string | undefined;
  readonly status?: NonNullable<DocumentFilter['statuses']>[number] | undefined;
  readonly currency?: string | undefined;
  readonly customerId?: string | undefined;
  readonly sourceId?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly q?: string | undefined;
}

/** Everything but the entity, which can be several. */
function filterOf(query: DocumentQuery): DocumentFilter {
  return withoutUndefined({
    connectionId: query.connectionId,
    kinds: kindsOf(query),
    disputed: query.disputed === undefined ? undefined : query.disputed === 'true',
    statuses: query.status === undefined ? undefined : [query.status],
    currency: query.currency,
    customerId: query.customerId,
    sourceId: query.sourceId,
    from: optionalCalendarDate('from', query.from),
    to: optionalCalendarDate('to', query.to),
    text: query.q,
  });
}

/** The route's pattern lets only kinds of documents through. */
function kindsOf({ kind, kinds }: DocumentQuery): NonNullable<DocumentFilter['kinds']> | undefined {
  if (kind !== undefined) return [kind];
  return kinds?.split(',') as NonNullable<DocumentFilter['kinds']> | undefined;
}

/** `-total` is `total`, the largest first. The route's list of names is one of the ledger's. */
function sortOf(sort: string): DocumentSort {
  const descending = sort.startsWith('-');
  return { by: (descending ? sort.slice(1) : sort) as DocumentSort['by'], descending };
}

/** What the filter comes to by currency, over these entities or, with null, over all. */
async function totalsOf(tx: Transaction, filter: DocumentFilter, entityIds: readonly string[] | null) {
  const byCurrency = new Map<string, { count: number; totalMinor: bigint }>();
  for (const entityId of entityIds ?? [undefined]) {
    for (const row of await readDocumentTotals(tx, withoutUndefined({ ...filter, entityId }))) {
      const sum = byCurrency.get(row.currency) ?? { count: 0, totalMinor: 0n };
      byCurrency.set(row.currency, {
        count: sum.count + row.count,
        totalMinor: sum.totalMinor + row.totalMinor,
      });
    }
  }
  return [...byCurrency]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([currency, { count, totalMinor }]) => ({
      currency,
      count,
      total: formatMinor(totalMinor, currency),
    }));
}

/** One document as the API answers it. Errors: not_found. */
export async function documentOutput(tx: Transaction, id: string): Promise<DocumentOutput> {
  const document = await getDocument(tx, id);
  const [output] = document ? await documentsToWire(tx, [document]) : [];
  if (!output) throw new TributaryError('not_found', 'There is no such document.');
  return output;
}

export async function documentsToWire(
  tx: Transaction,
  documents: readonly Document[],
): Promise<DocumentOutput[]> {
  const surroundings = await readDocumentSurroundings(
    tx,
    documents.map(({ id }) => id),
  );
  return documents.map((document) => {
    const wire = documentToWire(document);
    const around = surroundings.get(document.id);
    return {
      ...wire,
      // The ledger knows kinds and states that the API does not show yet; the response schema refuses those.
      kind: wire.kind as DocumentOutput['kind'],
      status: wire.status as DocumentOutput['status'],
      mode: around?.mode ?? 'live',
      journalEntryIds: around?.journalEntryIds ?? [],
    };
  });
}

async function outcomesToWire(tx: Transaction, outcomes: readonly PostingOutcome[]) {
  const posted = outcomes.filter(({ outcome }) => outcome === 'posted').map(({ id }) => id);
  const documents = new Map(
    (await documentsToWire(tx, await getDocuments(tx, posted))).map((document) => [document.id, document]),
  );
  return outcomes.map((outcome) =>
    outcome.outcome === 'posted'
      ? {
          id: outcome.id,
          outcome: outcome.outcome,
          code: null,
          message: null,
          mend: null,
          document: documents.get(outcome.id) ?? null,
        }
      : {
          id: outcome.id,
          outcome: outcome.outcome,
          code: outcome.error.code,
          message: outcome.error.message,
          mend: outcome.error.entry.mend,
          document: null,
        },
  );
}
