import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link } from '@tanstack/react-router';
import type { DocumentWire } from '../../../contract/books-wire.ts';
import { useApiMutation } from '../../api/query.ts';
import { formatAmount } from '../../format/amount.ts';
import { countOf, listOf } from '../../format/count.ts';
import { totalsPerCurrency } from '../../format/sum.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Name } from '../../parts/name.tsx';
import { Note } from '../../parts/note.tsx';

interface PostDraftsProps {
  readonly documents: readonly DocumentWire[];
  readonly onPosted: () => void;
}

/** Posts the chosen drafts; each has its own outcome, and those that fail say why. */
export function PostDrafts({ documents, onPosted }: PostDraftsProps) {
  const [isOpen, setIsOpen] = useState(false);
  const post = useApiMutation('postDocuments', {
    changes: 'all',
    onDone: ({ data }) => {
      setIsOpen(false);
      if (data.every(({ outcome }) => outcome === 'posted')) onPosted();
    },
  });
  const totals = totalsPerCurrency(documents).map(
    ({ currency, total }) => `${currency} ${formatAmount(total, currency)}`,
  );
  const what = countOf(documents.length, 'draft');
  const failed = (post.data?.data ?? []).filter(({ outcome }) => outcome === 'failed');
  return (
    <div className="stack-tight" style={{ marginBottom: '0.75rem' }}>
      <div className="row">
        <Button size="sm" onClick={() => setIsOpen(true)}>
          Post {what}
        </Button>
        <span className="soft numeric">{totals.join(' · ')}</span>
      </div>
      {failed.length > 0 ? (
        <Note tone="bad" live title={`${countOf(failed.length, 'invoice')} could not be posted`}>
          <ul>
            {failed.map(({ id, message, mend }) => (
              <li key={id}>
                <Link className="link" to="/invoices/$documentId" params={{ documentId: id }}>
                  <Name text={documents.find((document) => document.id === id)?.description ?? id} />
                </Link>
                : {message} {mend}
              </li>
            ))}
          </ul>
        </Note>
      ) : null}
      <Confirm
        isOpen={isOpen}
        close={() => setIsOpen(false)}
        title={`Post ${what}?`}
        action={`Post ${what}`}
        isBusy={post.isPending}
        error={post.error}
        run={() => post.mutate({ body: { ids: documents.map(({ id }) => id) } })}
      >
        Each gets its number and a journal entry; together {listOf(totals)}. A posted invoice can be reversed,
        not deleted.
      </Confirm>
    </div>
  );
}
