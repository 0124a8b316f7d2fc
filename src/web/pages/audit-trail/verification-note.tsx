import { Link } from '@tanstack/react-router';
import type { ResponseOf } from '../../../contract/client.ts';
import { countOf, listOf } from '../../format/count.ts';
import { readable } from '../../format/words.ts';
import { Note } from '../../parts/note.tsx';

type Verification = ResponseOf<'verifyAudit'>;
type AuditProblem = Verification['problems'][number];

/** What a verification found, in words. */
export function VerificationNote({ result }: { readonly result: Verification }) {
  const { holds, problemCount, problems, takenOver, comparedHead } = result;
  const read = listOf([
    countOf(result.entries, 'entry', 'entries'),
    countOf(result.seals, 'seal'),
    countOf(result.journalEntries, 'journal entry', 'journal entries'),
    countOf(result.documents, 'posted document'),
  ]);
  const taken = [
    ...(takenOver.journalEntries > 0
      ? [countOf(takenOver.journalEntries, 'journal entry', 'journal entries')]
      : []),
    ...(takenOver.documents > 0 ? [countOf(takenOver.documents, 'posted document')] : []),
  ];
  return (
    <Note
      tone={holds ? 'good' : 'bad'}
      live
      title={
        holds
          ? 'The audit trail holds: nothing was changed behind its back.'
          : `The audit trail does not hold: ${countOf(problemCount, 'problem')}.`
      }
    >
      <p>Read and compared: {read}.</p>
      {holds ? null : (
        <>
          <ul>
            {problems.map((problem) => (
              <li key={`${problem.kind} ${problem.subjectId} ${problem.seal ?? ''}`}>
                <ProblemText problem={problem} />
              </li>
            ))}
          </ul>
          {problemCount > problems.length ? (
            <p>And {countOf(problemCount - problems.length, 'problem')} more.</p>
          ) : null}
          <p>
            Somebody who can write to the database past Tributary did this, or a backup was restored. Keep the
            database as it is, compare it with a backup, and ask who had access.
          </p>
        </>
      )}
      {taken.length > 0 ? (
        <p>Taken over as found when sealing began, so unproven before that day: {listOf(taken)}.</p>
      ) : null}
      <p className="soft">
        {comparedHead
          ? `Compared with the kept head of seal ${comparedHead.sealNumber}.`
          : 'Not compared with a kept head: only that shows a chain that was cut off or made anew as a whole.'}
      </p>
    </Note>
  );
}

function ProblemText({ problem }: { readonly problem: AuditProblem }) {
  const { subjectType, subjectId, message, seal } = problem;
  const subject =
    subjectType === 'document' ? (
      <Link className="link" to="/invoices/$documentId" params={{ documentId: subjectId }}>
        Document
      </Link>
    ) : subjectType === 'journal_entry' ? (
      <Link className="link" to="/settings/audit-trail" search={{ subject: subjectType, id: subjectId }}>
        Journal entry
      </Link>
    ) : (
      readable(subjectType)
    );
  return (
    <>
      {subject} <span className="mono small">{subjectId}</span>: {message}
      {seal !== null && subjectType !== 'audit_seal' ? <span className="soft"> Seal {seal}.</span> : null}
    </>
  );
}
