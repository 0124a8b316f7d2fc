import type { Transaction } from '../../platform/database/database.ts';
import { documentDigestActions, readDocumentDigests } from './document-digests.ts';
import { journalEntryRecorded, readJournalEntryDigests } from './journal-digests.ts';
import { findCustomerAfterMerges } from './merged-customers-store.ts';
import type { ProblemList } from './problem-list.ts';
import type { SealableEntry } from './seal-hashes.ts';

/** How many digests were compared, and how many of them are of what was there before digests were kept. */
export interface DigestCounts {
  journalEntries: number;
  documents: number;
  takenOverJournalEntries: number;
  takenOverDocuments: number;
}

export const noDigests = (): DigestCounts => ({
  journalEntries: 0,
  documents: 0,
  takenOverJournalEntries: 0,
  takenOverDocuments: 0,
});

/** What an entry says of the digest that it carries. An entry that was forged may say anything. */
interface Recorded {
  readonly id: string;
  readonly digest: string;
  readonly customerId: string | null;
  readonly takenOver: boolean;
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function recordedOf(entry: SealableEntry): Recorded | null {
  const after = entry.after === null ? null : (JSON.parse(entry.after) as unknown);
  if (typeof after !== 'object' || after === null || !uuid.test(entry.subjectId)) return null;
  const { digest, customerId, takenOver } = after as Record<string, unknown>;
  if (typeof digest !== 'string') return null;
  return { id: entry.subjectId, digest, customerId: text(customerId), takenOver: takenOver === true };
}

function recordedBy(entries: readonly SealableEntry[], actions: readonly string[]): Recorded[] {
  return entries.filter(({ action }) => actions.includes(action)).flatMap((entry) => recordedOf(entry) ?? []);
}

/** Compares the digests that these entries of a seal carry with the journal and the documents as they are now. */
export async function verifyDigests(
  tx: Transaction,
  entries: readonly SealableEntry[],
  seal: string,
  problems: ProblemList,
  counts: DigestCounts,
): Promise<void> {
  await verifyJournalEntries(tx, recordedBy(entries, [journalEntryRecorded]), seal, problems, counts);
  await verifyDocuments(tx, recordedBy(entries, documentDigestActions), seal, problems, counts);
}

async function verifyJournalEntries(
  tx: Transaction,
  recorded: readonly Recorded[],
  seal: string,
  problems: ProblemList,
  counts: DigestCounts,
): Promise<void> {
  const found = await readJournalEntryDigests(
    tx,
    recorded.map(({ id }) => id),
  );
  for (const { id, digest, takenOver } of recorded) {
    counts.journalEntries += 1;
    if (takenOver) counts.takenOverJournalEntries += 1;
    const subject = { subjectType: 'journal_entry', subjectId: id, seal } as const;
    const now = found.get(id);
    if (!now) {
      const message = 'The journal entry was recorded and is gone: it was deleted.';
      problems.add({ kind: 'journal_entry_missing', ...subject, message });
    } else if (now.digest !== digest) {
      const message = `The journal entry of ${now.date}, or one of its lines, is not as it was recorded: it was changed.`;
      problems.add({ kind: 'journal_entry_changed', ...subject, message });
    }
  }
}

async function verifyDocuments(
  tx: Transaction,
  recorded: readonly Recorded[],
  seal: string,
  problems: ProblemList,
  counts: DigestCounts,
): Promise<void> {
  const found = await readDocumentDigests(
    tx,
    recorded.map(({ id }) => id),
  );
  for (const { id, digest, customerId, takenOver } of recorded) {
    counts.documents += 1;
    if (takenOver) counts.takenOverDocuments += 1;
    const subject = { subjectType: 'document', subjectId: id, seal } as const;
    const now = found.get(id);
    if (!now) {
      const message = 'The document was posted and is gone: it was deleted.';
      problems.add({ kind: 'document_missing', ...subject, message });
    } else if (now.digest !== digest) {
      const message = `${now.number ?? 'The document'}, or one of its lines, is not as it was posted: it was changed.`;
      problems.add({ kind: 'document_changed', ...subject, message });
    } else if (
      customerId !== null &&
      now.customerId !== customerId &&
      (await findCustomerAfterMerges(tx, customerId, now.customerId)) === null
    ) {
      const message = `${now.number ?? 'The document'} is of another customer than it was posted for, and no merge explains it.`;
      problems.add({ kind: 'document_changed', ...subject, message });
    }
  }
}
