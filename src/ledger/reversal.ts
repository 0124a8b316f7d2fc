import { assert } from '../kernel/assert.ts';
import { type CalendarDate, dateInZone } from '../kernel/dates.ts';
import { TributaryError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { type AuditContext, appendAuditEntries } from '../platform/audit/audit-store.ts';
import type { Transaction } from '../platform/database/database.ts';
import { netBilledContracts } from './contracts/net-contracts.ts';
import { getEntity } from './entities.ts';
import type { EntityScope } from './entity-scope.ts';
import {
  findEntry,
  findPostingEntries,
  insertJournalEntries,
  type NewJournalEntry,
  type ReversibleEntry,
  reversalOf,
} from './journal-store.ts';
import { assertPeriodTakes, holdPeriods } from './periods/period-gate.ts';
import { postingBatchMax } from './posting.ts';
import { type LockedDocument, lockDocuments, markReversed } from './posting-store.ts';
import { listReversalObstacles } from './settlement/settlements-store.ts';

/** A refusal names this many of the settlements that have to be undone first. */
const obstaclesNamedMax = 5;

export interface ReversalOptions {
  /** The day of the reversal; absent: today in the entity's time zone, or the document's date when that is later. */
  readonly date?: CalendarDate;
  /** The time of the call. */
  readonly now?: Date;
}

export type ReversalOutcome =
  | { readonly id: string; readonly outcome: 'reversed'; readonly entryId: string }
  | { readonly id: string; readonly outcome: 'failed'; readonly error: TributaryError };

/**
 * Reverses posted documents on which nothing was paid: an entry with both sides swapped, status `reversed`. One outcome an id, in the
 * order given; one that cannot be reversed stops no other. Outcome errors: `not_found`, `document_not_posted` (a draft),
 * `document_settled`, `invalid_request` (the day lies before the document's), `unknown_period`, `locked_period`. Throws `invalid_request` for too many ids.
 */
export async function reverseDocuments(
  tx: Transaction,
  ids: readonly string[],
  context: AuditContext,
  options: ReversalOptions = {},
): Promise<ReversalOutcome[]> {
  if (ids.length > postingBatchMax) {
    throw new TributaryError(
      'invalid_request',
      `At most ${postingBatchMax} documents can be reversed at once.`,
    );
  }
  const documents = new Map((await lockDocuments(tx, [...new Set(ids)])).map((found) => [found.id, found]));
  const entries = new Map(
    (await findPostingEntries(tx, [...documents.keys()])).map((entry) => [entry.documentId, entry]),
  );
  const obstacles = await listReversalObstacles(tx, [...documents.keys()]);
  const todayByEntity = new Map<string, CalendarDate>();
  for (const { entityId } of documents.values()) {
    if (todayByEntity.has(entityId)) continue;
    const { timeZone } = await getEntity(tx, entityId);
    todayByEntity.set(entityId, dateInZone(options.now ?? new Date(), timeZone));
  }
  const reversals = new Map<string, NewJournalEntry>();
  const failed = new Map<string, TributaryError>();
  const attempt = (id: string, work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof TributaryError)) throw error;
      failed.set(id, error);
    }
  };
  for (const id of new Set(ids)) {
    attempt(id, () => {
      const document = mustBeReversible(documents.get(id), obstacles.get(id) ?? []);
      const entry = entries.get(id);
      assert(entry, 'a posted document has its entry');
      const today = todayByEntity.get(document.entityId) ?? document.date;
      reversals.set(id, reversalOf(entry, newId(), reversalDate(entry, options.date, today)));
    });
  }
  const held = await holdPeriods(tx, [...reversals.values()], context);
  for (const [id, reversal] of reversals) {
    attempt(id, () => assertPeriodTakes(held, reversal));
    if (failed.has(id)) reversals.delete(id);
  }
  await writeReversals(tx, reversals, documents, context);
  return ids.map((id): ReversalOutcome => {
    const error = failed.get(id);
    if (error) return { id, outcome: 'failed', error };
    const reversal = reversals.get(id);
    assert(reversal, 'a document is reversed or failed');
    return { id, outcome: 'reversed', entryId: reversal.id };
  });
}

/** Reverses one document. Errors: those of `reverseDocuments`, thrown. Returns the id of the reversal entry. */
export async function reverseDocument(
  tx: Transaction,
  id: string,
  context: AuditContext,
  options: ReversalOptions = {},
): Promise<string> {
  const [outcome] = await reverseDocuments(tx, [id], context, options);
  assert(outcome, 'one outcome an id');
  if (outcome.outcome === 'failed') throw outcome.error;
  return outcome.entryId;
}

function mustBeReversible(
  document: LockedDocument | undefined,
  obstacles: readonly string[],
): LockedDocument {
  if (!document) throw new TributaryError('not_found', 'There is no such document.');
  if (document.status === 'draft') throw new TributaryError('document_not_posted', 'It is a draft.');
  if (obstacles.length > 0) {
    const named = obstacles.slice(0, obstaclesNamedMax).join(', ');
    const more =
      obstacles.length > obstaclesNamedMax ? ` and ${obstacles.length - obstaclesNamedMax} more` : '';
    throw new TributaryError('document_settled', `Undo or reverse first: ${named}${more}.`);
  }
  if (document.status !== 'posted') {
    throw new TributaryError('document_settled', `${document.number ?? 'It'} is ${document.status}.`);
  }
  return document;
}

function reversalDate(
  entry: ReversibleEntry,
  date: CalendarDate | undefined,
  today: CalendarDate,
): CalendarDate {
  if (date === undefined) return today < entry.date ? entry.date : today;
  if (date >= entry.date) return date;
  const message = `The reversal cannot be dated before ${entry.date}, the day of what it reverses.`;
  throw new TributaryError('invalid_request', message, { fields: [{ field: 'date', message }] });
}

async function writeReversals(
  tx: Transaction,
  reversals: ReadonlyMap<string, NewJournalEntry>,
  documents: ReadonlyMap<string, LockedDocument>,
  context: AuditContext,
): Promise<void> {
  if (reversals.size === 0) return;
  await insertJournalEntries(tx, context, [...reversals.values()]);
  await markReversed(tx, [...reversals.keys()], context.actor);
  await appendAuditEntries(
    tx,
    context,
    [...reversals].map(([id, reversal]) => ({
      action: 'document.reversed',
      subjectType: 'document',
      subjectId: id,
      before: { status: documents.get(id)?.status, number: documents.get(id)?.number },
      after: { status: 'reversed', entryId: reversal.id, date: reversal.date },
    })),
  );
  const billed = [...reversals].filter(([id]) => (documents.get(id)?.contractId ?? null) !== null);
  await netBilledContracts(tx, new Map(billed.map(([id, { date }]) => [id, date])), context);
}

/**
 * Reverses a manual journal entry. Returns the id of the reversal. Errors: `not_found`, `conflict` (reversed already),
 * `invalid_request` (the entry of a document, which is reversed with it; a reversal; the day lies before the entry's),
 * `unknown_period`, `locked_period`.
 */
export async function reverseManualEntry(
  tx: Transaction,
  scope: EntityScope,
  entryId: string,
  context: AuditContext,
  options: ReversalOptions = {},
): Promise<string> {
  const entry = await findEntry(tx, scope, entryId);
  if (!entry) throw new TributaryError('not_found', 'There is no such journal entry.');
  if (entry.kind !== 'manual') {
    throw new TributaryError(
      'invalid_request',
      'Only a manual entry is reversed by itself; reverse its document instead.',
    );
  }
  if (entry.reversed) throw new TributaryError('conflict', 'The entry is reversed already.');
  const { timeZone } = await getEntity(tx, scope.entityId);
  const today = dateInZone(options.now ?? new Date(), timeZone);
  const reversal = reversalOf(entry, newId(), reversalDate(entry, options.date, today));
  await insertJournalEntries(tx, context, [reversal]);
  await appendAuditEntries(tx, context, [
    {
      action: 'journal_entry.reversed',
      subjectType: 'journal_entry',
      subjectId: entryId,
      after: { entryId: reversal.id, date: reversal.date },
    },
  ]);
  return reversal.id;
}
