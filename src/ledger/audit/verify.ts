import { appendAuditEntries, type AuditContext } from '../../platform/audit/audit-store.ts';
import type { Database } from '../../platform/database/database.ts';
import type { AuditProblem } from './audit-problem.ts';
import { type ProblemList, startProblemList } from './problem-list.ts';
import { type AuditHead, sealPending } from './seal.ts';
import { findSealHash } from './seals-store.ts';
import {
  findUnrecordedDocuments,
  findUnrecordedJournalEntries,
  firstPage,
  type UnrecordedPage,
} from './unrecorded-store.ts';
import { noDigests } from './verify-digests.ts';
import { verifySeals } from './verify-seals.ts';

/** A head that was kept outside of the store. */
export interface ExportedHead {
  readonly sealNumber: number;
  readonly hash: string;
}

export interface AuditVerification {
  /** No problem was found. */
  readonly holds: boolean;
  /** Entries and seals of the chain that were read. */
  readonly entries: number;
  readonly seals: number;
  /** Journal entries and posted documents that were compared with their digests. */
  readonly journalEntries: number;
  readonly documents: number;
  /** Of these, what was there before the first seal and was taken over as it was found. */
  readonly takenOver: { readonly journalEntries: number; readonly documents: number };
  readonly head: AuditHead;
  /** The head that was given to compare with; null: none. */
  readonly comparedHead: ExportedHead | null;
  readonly problemCount: number;
  /** The first ones. */
  readonly problems: readonly AuditProblem[];
}

/**
 * Seals what is not sealed yet, then computes everything again from the tables: the chain of seals, the entries under each, the
 * digests of journal entries and posted documents, what has no digest, and, where a head is given, whether the chain still
 * leads to it. Reads in pages, each in a short transaction, so that work goes on meanwhile. Writes the result into the audit trail.
 */
export async function verifyAudit(
  database: Database,
  context: AuditContext,
  exported: ExportedHead | null = null,
): Promise<AuditVerification> {
  const { organizationId } = context;
  const { head } = await sealPending(database, organizationId);
  const problems = startProblemList();
  const digests = noDigests();
  const { seals, entries } = await verifySeals(database, organizationId, problems, digests);
  await verifyRecorded(database, organizationId, problems);
  if (exported !== null) await compareHead(database, organizationId, exported, problems);
  const holds = problems.count() === 0;
  await database.withOrganization(organizationId, (tx) =>
    appendAuditEntries(tx, context, [
      {
        action: 'audit.verified',
        subjectType: 'audit_seal',
        subjectId: String(head.sealNumber),
        after: { holds, problems: problems.count(), seals, entries, hash: head.hash, comparedHead: exported },
      },
    ]),
  );
  return {
    holds,
    entries,
    seals,
    journalEntries: digests.journalEntries,
    documents: digests.documents,
    takenOver: {
      journalEntries: digests.takenOverJournalEntries,
      documents: digests.takenOverDocuments,
    },
    head,
    comparedHead: exported,
    problemCount: problems.count(),
    problems: problems.listed(),
  };
}

/** Finds what stands in the books and was never recorded: it came in behind the program's back. */
async function verifyRecorded(
  database: Database,
  organizationId: string,
  problems: ProblemList,
): Promise<void> {
  const eachPage = async (
    find: (
      tx: Parameters<typeof findUnrecordedDocuments>[0],
      organizationId: string,
      afterId: string,
    ) => Promise<UnrecordedPage>,
    report: (id: string) => void,
  ): Promise<void> => {
    let after: string | null = firstPage;
    while (after !== null) {
      const from: string = after;
      const page = await database.withOrganization(organizationId, (tx) => find(tx, organizationId, from));
      for (const id of page.unrecordedIds) report(id);
      after = page.next;
    }
  };
  await eachPage(findUnrecordedJournalEntries, (id) => {
    const message =
      'The journal entry stands in the journal, but nobody recorded making it: it was inserted.';
    const subject = { subjectType: 'journal_entry', subjectId: id, seal: null } as const;
    problems.add({ kind: 'journal_entry_unrecorded', ...subject, message });
  });
  await eachPage(findUnrecordedDocuments, (id) => {
    const message = 'The document is posted, but nobody recorded posting it: it was inserted.';
    const subject = { subjectType: 'document', subjectId: id, seal: null } as const;
    problems.add({ kind: 'document_unrecorded', ...subject, message });
  });
}

async function compareHead(
  database: Database,
  organizationId: string,
  exported: ExportedHead,
  problems: ProblemList,
): Promise<void> {
  const number = String(exported.sealNumber);
  const hash = await database.withOrganization(organizationId, (tx) =>
    findSealHash(tx, organizationId, number),
  );
  const subject = { subjectType: 'audit_seal', subjectId: number, seal: number } as const;
  if (hash === null) {
    const message = `The exported head is seal ${number}, which is not there any more: the end of the chain was cut off.`;
    problems.add({ kind: 'head_missing', ...subject, message });
  } else if (hash !== exported.hash) {
    const message = `Seal ${number} has another hash than the exported head: the chain was made anew.`;
    problems.add({ kind: 'head_differs', ...subject, message });
  }
}
