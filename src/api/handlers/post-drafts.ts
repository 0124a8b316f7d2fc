import type { Caller, HandlerInput, HandlerOutput } from '../../contract/handler.ts';
import { postedDraftsMax, postingFailuresMax } from '../../contract/posting-wire.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { formatMinor } from '../../kernel/money.ts';
import type { DocumentFilter } from '../../ledger/document-filter.ts';
import { postDocuments } from '../../ledger/posting.ts';
import { type ChosenDraft, listChosenDrafts } from '../../ledger/posting-store.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { readAccountOverrides } from '../books-reading-store.ts';
import { divideIntoBatches } from '../divide-into-batches.ts';
import { entityIdsOf } from './entities.ts';

/**
 * Documents posted in one transaction. More would keep the embedded store, which has one thread, from everybody else, and on PostgreSQL
 * whoever waits for the next number.
 */
export const postingBatchOf = ({ kind }: Database): number => (kind === 'pglite' ? 100 : 500);

type Choice = HandlerInput<'postDrafts'>['body'];

/**
 * Posts every draft that the filter chooses, in batches of a transaction each: one that cannot be posted stops no other, and what is
 * posted stays so whatever happens to the rest. Errors, with nothing posted: `conflict` (another number of drafts than expected).
 */
export async function postDrafts(
  database: Database,
  caller: Caller,
  choice: Choice,
  filter: DocumentFilter,
): Promise<HandlerOutput<'postDrafts'>> {
  const { organizationId } = caller;
  const drafts = await database.withOrganization(organizationId, (tx) => chooseDrafts(tx, choice, filter));
  if (drafts.length !== choice.expectedCount) {
    const found = drafts.length > postedDraftsMax ? `more than ${postedDraftsMax}` : drafts.length;
    throw new TributaryError(
      'conflict',
      `${choice.expectedCount} drafts were expected; by now there are ${found}. Nothing was posted.`,
    );
  }
  const totals = new Map<string, { count: number; totalMinor: bigint }>();
  const failures: HandlerOutput<'postDrafts'>['failures'][number][] = [];
  let failed = 0;
  for (const batch of divideIntoBatches(drafts, postingBatchOf(database))) {
    const ids = batch.map(({ id }) => id);
    const outcomes = await database.withOrganization(organizationId, async (tx) =>
      postDocuments(tx, ids, caller, { overridesByConnection: await readAccountOverrides(tx, ids) }),
    );
    batch.forEach((draft, index) => {
      const outcome = outcomes[index];
      if (outcome?.outcome === 'posted') addTo(totals, draft);
      else {
        failed += 1;
        if (outcome && failures.length < postingFailuresMax) failures.push(failureOf(draft, outcome.error));
      }
    });
  }
  return {
    posted: drafts.length - failed,
    failed,
    totals: [...totals]
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([currency, { count, totalMinor }]) => ({
        currency,
        count,
        total: formatMinor(totalMinor, currency),
      })),
    failures,
  };
}

/** One draft more than can be posted, where there are more. */
async function chooseDrafts(
  tx: Transaction,
  choice: Choice,
  filter: DocumentFilter,
): Promise<readonly ChosenDraft[]> {
  const entityIds = await entityIdsOf(tx, choice);
  if (entityIds === null) return listChosenDrafts(tx, filter, postedDraftsMax + 1);
  const drafts: ChosenDraft[] = [];
  for (const entityId of entityIds) {
    const left = postedDraftsMax + 1 - drafts.length;
    if (left > 0) drafts.push(...(await listChosenDrafts(tx, { ...filter, entityId }, left)));
  }
  return drafts;
}

function addTo(
  totals: Map<string, { count: number; totalMinor: bigint }>,
  { currency, totalMinor }: ChosenDraft,
): void {
  const sum = totals.get(currency) ?? { count: 0, totalMinor: 0n };
  totals.set(currency, { count: sum.count + 1, totalMinor: sum.totalMinor + totalMinor });
}

const failureOf = (draft: ChosenDraft, error: TributaryError) => ({
  id: draft.id,
  description: draft.description,
  customer: draft.customerName,
  code: error.code,
  message: error.message,
  mend: error.entry.mend,
});
