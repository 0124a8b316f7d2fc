import type { Caller, HandlerInput, HandlerOutput, Handlers } from '../../contract/handler.ts';
import { type CalendarDate, dateInZone } from '../../kernel/dates.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { formatMinor } from '../../kernel/money.ts';
import { listAccounts } from '../../ledger/accounts-store.ts';
import { listEntities } from '../../ledger/entities-store.ts';
import { type JournalFilter, type JournalLineWire, listJournal } from '../../ledger/journal-list-store.ts';
import { postManualEntry } from '../../ledger/manual-entry.ts';
import { pageLimitMax } from '../../platform/database/page-cursor.ts';
import { reverseManualEntry } from '../../ledger/reversal.ts';
import { readTrialBalance, trialBalanceLineToWire } from '../../ledger/trial-balance-store.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { countJournalLines } from '../books-reading-store.ts';
import { optionalCalendarDate } from '../calendar-date.ts';
import { pageOverEntities } from '../page-over-entities.ts';
import { withoutUndefined } from '../without-undefined.ts';
import { entityIdsOf, entityOrFirst } from './entities.ts';

export type JournalOperationId =
  | 'listJournal'
  | 'createJournalEntry'
  | 'reverseJournalEntry'
  | 'getTrialBalance';

/** The journal and what it comes to. */
export function journalHandlers(database: Database): Handlers<JournalOperationId> {
  return {
    listJournal: ({ organizationId }, { query }) =>
      database.withOrganization(organizationId, (tx) => journalPage(tx, query)),
    createJournalEntry: (caller, { body }) =>
      database.withOrganization(caller.organizationId, (tx) => createEntry(tx, caller, body)),
    reverseJournalEntry: (caller, { params, body }) =>
      database.withOrganization(caller.organizationId, (tx) =>
        reverseEntry(tx, caller, params.id, optionalCalendarDate('date', body?.date)),
      ),
    getTrialBalance: ({ organizationId }, { query }) =>
      database.withOrganization(organizationId, (tx) => trialBalance(tx, query)),
  };
}

async function journalPage(
  tx: Transaction,
  query: HandlerInput<'listJournal'>['query'],
): Promise<HandlerOutput<'listJournal'>> {
  const filters = await filtersOf(tx, query);
  const byEntity = new Map(filters.map((filter) => [filter.entityId ?? '', filter]));
  const page = await pageOverEntities([...byEntity.keys()], query, (entityId, request) =>
    listJournal(tx, byEntity.get(entityId) ?? {}, request),
  );
  let total = 0;
  for (const filter of filters) {
    total += await countJournalLines(tx, {
      entityId: filter.entityId ?? null,
      accountId: filter.accountId ?? null,
      documentId: filter.documentId ?? null,
      from: filter.from ?? null,
      to: filter.to ?? null,
    });
  }
  return { ...page, total };
}

/** One filter an entity, since an account's number means another account in each; a single one for all where none is named. */
async function filtersOf(
  tx: Transaction,
  query: HandlerInput<'listJournal'>['query'],
): Promise<readonly JournalFilter[]> {
  const filter: JournalFilter = withoutUndefined({
    documentId: query.documentId,
    from: optionalCalendarDate('from', query.from),
    to: optionalCalendarDate('to', query.to),
  });
  const entityIds = await entityIdsOf(tx, query);
  if (query.account === undefined) {
    return entityIds === null ? [filter] : entityIds.map((entityId) => ({ ...filter, entityId }));
  }
  const filters: JournalFilter[] = [];
  for (const entityId of entityIds ?? (await listEntities(tx)).map(({ id }) => id)) {
    const account = (await listAccounts(tx, entityId)).find(({ number }) => number === query.account);
    if (account) filters.push({ ...filter, entityId, accountId: account.id });
  }
  return filters;
}

async function createEntry(
  tx: Transaction,
  caller: Caller,
  body: HandlerInput<'createJournalEntry'>['body'],
): Promise<HandlerOutput<'createJournalEntry'>> {
  const { currency, adjusting = false } = body;
  if (adjusting && !caller.scopes.includes('configure')) {
    throw new TributaryError('forbidden', 'An adjusting entry asks for the scope configure.');
  }
  const lines = body.lines.map(({ account, debit, credit }) => ({
    account,
    currency,
    ...withoutUndefined({ debit, credit }),
  }));
  const entryId = await postManualEntry(
    tx,
    body.entityId,
    { date: body.date, description: body.description, adjusting, lines },
    caller,
  );
  return { entryId, data: await linesOfEntry(tx, entryId) };
}

async function reverseEntry(
  tx: Transaction,
  caller: Caller,
  entryId: string,
  date: CalendarDate | undefined,
): Promise<HandlerOutput<'reverseJournalEntry'>> {
  const [line] = (await listJournal(tx, { entryId }, { limit: 1 })).data;
  if (!line) throw new TributaryError('not_found', 'There is no such journal entry.');
  const scope = { organizationId: caller.organizationId, entityId: line.entityId };
  const reversalId = await reverseManualEntry(tx, scope, entryId, caller, withoutUndefined({ date }));
  return { entryId: reversalId, data: await linesOfEntry(tx, reversalId) };
}

async function linesOfEntry(tx: Transaction, entryId: string): Promise<JournalLineWire[]> {
  const data: JournalLineWire[] = [];
  let after: string | null = null;
  do {
    const page = await listJournal(tx, { entryId }, { limit: pageLimitMax, after });
    data.push(...page.data);
    after = page.next;
  } while (after !== null);
  return data;
}

async function trialBalance(
  tx: Transaction,
  query: HandlerInput<'getTrialBalance'>['query'],
): Promise<HandlerOutput<'getTrialBalance'>> {
  const entity = await entityOrFirst(tx, query.entityId);
  const at = optionalCalendarDate('at', query.at) ?? dateInZone(new Date(), entity.timeZone);
  const lines = await readTrialBalance(tx, entity.id, at);
  const sumMinor = (sign: 1n | -1n): bigint =>
    lines.reduce((sum, { netMinor }) => (netMinor * sign > 0n ? sum + netMinor * sign : sum), 0n);
  return {
    entity: { id: entity.id, name: entity.name },
    currency: entity.baseCurrency,
    at,
    data: lines.map((line) => trialBalanceLineToWire(line, entity.baseCurrency)),
    totalDebit: formatMinor(sumMinor(1n), entity.baseCurrency),
    totalCredit: formatMinor(sumMinor(-1n), entity.baseCurrency),
  };
}
