import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { DocumentWire } from '../../../contract/books-wire.ts';
import { pageLimitMax } from '../../../contract/wire.ts';
import { apiQuery } from '../../api/query.ts';
import { Problem } from '../../parts/note.tsx';
import { LinesPlaceholder } from '../../parts/placeholder.tsx';
import { JournalTable } from '../journal/journal-table.tsx';

interface DocumentJournalProps {
  readonly document: DocumentWire;
  /** What stands there while it has no entry. */
  readonly empty?: string;
}

export function DocumentJournal({
  document,
  empty = 'A draft is not in the journal. Its entry appears here when it is posted.',
}: DocumentJournalProps) {
  const lines = useQuery({
    ...apiQuery('listJournal', { query: { documentId: document.id, limit: pageLimitMax } }),
    enabled: document.journalEntryIds.length > 0,
  });
  return (
    <section aria-labelledby="journal">
      <div className="row row-between">
        <h2 id="journal">Journal</h2>
        {document.journalEntryIds.length > 0 ? (
          <Link className="link small" to="/journal" search={{ document: document.id }}>
            Open in the Journal
          </Link>
        ) : null}
      </div>
      {document.journalEntryIds.length === 0 ? (
        <p className="soft" style={{ margin: 0 }}>
          {empty}
        </p>
      ) : null}
      <Problem error={lines.error} />
      {lines.isLoading ? <LinesPlaceholder lines={3} /> : null}
      {lines.data ? <JournalTable lines={lines.data.data} documentCurrency={document.currency} /> : null}
    </section>
  );
}
