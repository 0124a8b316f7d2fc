import { postDocuments } from '../ledger/posting.ts';
import type { Configuration } from '../model/configuration.ts';
import type { SyncScope } from '../model/sync-scope.ts';
import type { Database, Transaction } from '../platform/database/database.ts';
import { qualifiesForAutoPost } from './plan/auto-post.ts';
import { isStoreTrouble } from './store-trouble.ts';
import { addRunWarning, type CreatedDraft, lockCreatedDrafts } from './apply/auto-post-store.ts';

/** Documents of one transaction: more would keep the number series, and the embedded store's one thread, from everybody else. */
const postingBatch = 100;

export interface AutoPostInput {
  readonly database: Database;
  readonly scope: SyncScope;
  readonly runId: string;
  readonly configuration: Configuration;
  /** Called between batches; throws to stop. */
  readonly onBatch: () => Promise<void>;
  readonly onUnexpected: (error: unknown, documentId: string) => void;
}

/**
 * Posts the drafts that the run has made and that the configuration lets through, a transaction a batch. One that cannot be posted
 * stays a draft, and the run's record of its deal says why.
 */
export async function postCreatedDrafts(input: AutoPostInput): Promise<void> {
  const { autoPost, deals } = input.configuration;
  // A contract is activated, which nobody but a person decides.
  if (!autoPost.enabled || deals.kind !== 'invoice') return;
  let after: string | null = null;
  do {
    after = await postBatch(input, after, postingBatch);
    await input.onBatch();
  } while (after !== null);
}

/** Returns where to go on; null at the end. A batch that cannot be written is gone through one by one. */
async function postBatch(input: AutoPostInput, after: string | null, size: number): Promise<string | null> {
  let failing: string | null = null;
  try {
    return await input.database.withOrganization(input.scope.organizationId, async (tx) => {
      const drafts = await lockCreatedDrafts(tx, input.runId, after, size);
      failing = drafts.at(-1)?.id ?? null;
      await postQualifying(tx, input, drafts);
      return failing;
    });
  } catch (error) {
    if (isStoreTrouble(error) || failing === null) throw error;
    if (size > 1) return postOneByOne(input, after, failing);
    input.onUnexpected(error, failing);
    const message = 'It was not posted: the books could not store it. The draft stays.';
    await input.database.withOrganization(input.scope.organizationId, (tx) =>
      addRunWarning(tx, input.runId, failing ?? '', { code: 'internal', message }),
    );
    return failing;
  }
}

async function postOneByOne(
  input: AutoPostInput,
  after: string | null,
  last: string,
): Promise<string | null> {
  let reached = after;
  while (reached === null || reached < last) {
    const next: string | null = await postBatch(input, reached, 1);
    if (next === null) return null;
    reached = next;
  }
  return reached;
}

async function postQualifying(
  tx: Transaction,
  { scope, runId, configuration }: AutoPostInput,
  drafts: readonly CreatedDraft[],
): Promise<void> {
  const ids = drafts
    .filter((draft) => qualifiesForAutoPost(configuration.autoPost, draft))
    .map(({ id }) => id);
  if (ids.length === 0) return;
  const { organizationId, connectionId } = scope;
  const outcomes = await postDocuments(
    tx,
    ids,
    { organizationId, actor: 'sync', connectionId, runId },
    { overridesByConnection: new Map([[connectionId, configuration.accounts]]) },
  );
  for (const outcome of outcomes) {
    if (outcome.outcome === 'posted') continue;
    const { code, message, entry } = outcome.error;
    const text = `It was not posted: ${message} ${entry.mend}`;
    await addRunWarning(tx, runId, outcome.id, { code, message: text });
  }
}
