import { newId } from '../../kernel/ids.ts';
import { appendAuditEntries } from '../../platform/audit/audit-store.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { listAccounts } from '../accounts-store.ts';
import { insertDraftDocuments } from '../document-drafts-store.ts';
import { insertJournalEntries } from '../journal-store.ts';
import { postDocuments } from '../posting.ts';
import { openSampleBooks, type SampleBooks, sampleDraft, sampleDraftRow } from '../sample-books.ts';

/** Books for tests of the chain, with deeds to seal and the ways of a forger. */
export interface SampleTrail {
  readonly books: SampleBooks;
  readonly organizationId: string;
  /** Posts an invoice of these net amounts; returns its id. */
  readonly post: (amounts: readonly bigint[]) => Promise<string>;
  /** Posts a manual entry of this amount; returns its id. */
  readonly enter: (amountMinor: bigint) => Promise<string>;
  /** So many entries of the audit trail, in one transaction. */
  readonly note: (count: number) => Promise<void>;
  /** Statements of the tables' owner with every trigger and foreign key switched off, in one transaction. */
  readonly forge: (...statements: readonly [sql: string, parameters: readonly unknown[]][]) => Promise<void>;
  readonly inBooks: <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>;
}

export async function openSampleTrail(database: Database, organizationId: string): Promise<SampleTrail> {
  const books = await openSampleBooks(database, organizationId);
  const inBooks = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.withOrganization(organizationId, work);
  const post = (amounts: readonly bigint[]): Promise<string> =>
    inBooks(async (tx) => {
      const draft = sampleDraftRow(books, sampleDraft(books, amounts));
      await insertDraftDocuments(tx, books.scope, [draft]);
      await postDocuments(tx, [draft.id], books.context);
      return draft.id;
    });
  const enter = (amountMinor: bigint): Promise<string> =>
    inBooks(async (tx) => {
      const [debited, credited] = await listAccounts(tx, books.entity.id);
      const id = newId();
      const side = { currency: 'USD', documentId: null };
      await insertJournalEntries(tx, books.context, [
        {
          id,
          entityId: books.entity.id,
          date: sampleDraft(books, []).documentDate,
          kind: 'manual',
          description: 'Rent',
          documentId: null,
          reversesEntryId: null,
          lines: [
            { ...side, accountId: debited?.id ?? '', amountMinor, baseMinor: amountMinor },
            { ...side, accountId: credited?.id ?? '', amountMinor: -amountMinor, baseMinor: -amountMinor },
          ],
        },
      ]);
      return id;
    });
  const note = (count: number): Promise<void> =>
    inBooks((tx) =>
      appendAuditEntries(
        tx,
        books.context,
        Array.from({ length: count }, (_, index) => ({
          action: 'thing.changed',
          subjectType: 'thing',
          subjectId: String(index),
          after: { name: `Thing "${index}" é €`, price: '12.50' },
        })),
      ),
    );
  const forge: SampleTrail['forge'] = (...statements) =>
    database.withSystem(async (tx) => {
      await tx.execute('SET LOCAL session_replication_role = replica');
      for (const [sql, parameters] of statements) await tx.execute(sql, parameters);
    });
  return { books, organizationId, post, enter, note, forge, inBooks };
}
