import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { postedDraftsMax, postingFailuresMax } from '../../../contract/posting-wire.ts';
import type { RequestOf, ResponseOf } from '../../../contract/client.ts';
import { useApiMutation } from '../../api/query.ts';
import { formatAmount } from '../../format/amount.ts';
import { countOf, formatCount, listOf } from '../../format/count.ts';
import { Confirm } from '../../parts/confirm.tsx';
import type { CurrencyTotal } from '../../parts/currency-totals.tsx';
import { Name } from '../../parts/name.tsx';
import { Note } from '../../parts/note.tsx';

type Choice = Omit<RequestOf<'postDrafts'>['body'], 'expectedCount'>;

interface PostAllDraftsProps {
  /** The filters of the list, whose status is that of drafts. */
  readonly choice: Choice;
  /** What passes them. */
  readonly total: number;
  readonly totals: readonly CurrencyTotal[];
  /** Whether one page shows them all, so that they can be chosen there. */
  readonly isOnePage: boolean;
}

/** Posts every draft that passes the filters of the list, on whatever page it stands. */
export function PostAllDrafts({ choice, total, totals, isOnePage }: PostAllDraftsProps) {
  const queryClient = useQueryClient();
  const [isOpen, setIsOpen] = useState(false);
  const post = useApiMutation('postDrafts', { changes: 'all', onDone: () => setIsOpen(false) });
  const what = countOf(total, 'draft');
  const close = (): void => {
    setIsOpen(false);
    // There may be other drafts by now, which is what was refused.
    if (post.error) void queryClient.invalidateQueries({ queryKey: ['listDocuments'] });
    post.reset();
  };
  if (isOnePage && post.data === undefined) return null;
  return (
    <div className="stack-tight" style={{ marginBottom: '0.75rem' }}>
      {total > postedDraftsMax ? (
        <p className="soft">
          {what} pass these filters. Narrow them to at most {formatCount(postedDraftsMax)} to post them at
          once.
        </p>
      ) : null}
      {!isOnePage && total <= postedDraftsMax ? (
        <div className="row">
          <Button size="sm" variant="default" onClick={() => setIsOpen(true)}>
            Post all {what}
          </Button>
          <span className="soft">that pass these filters, on every page</span>
        </div>
      ) : null}
      {post.data ? <Posted {...post.data} /> : null}
      <Confirm
        isOpen={isOpen}
        close={close}
        title={`Post all ${what}?`}
        action={`Post ${what}`}
        isBusy={post.isPending}
        error={post.error}
        run={() => post.mutate({ body: { ...choice, expectedCount: total } })}
      >
        Each gets its number, the oldest date first, and a journal entry; together{' '}
        {listOf(totals.map(amountOf))}. A posted invoice can be reversed, not deleted. Several thousand take a
        minute.
      </Confirm>
    </div>
  );
}

const amountOf = ({ currency, total }: CurrencyTotal): string =>
  `${currency} ${formatAmount(total, currency)}`;

function Posted({ posted, failed, totals, failures }: ResponseOf<'postDrafts'>) {
  return (
    <>
      {posted > 0 ? (
        <Note tone="good" live title={`${countOf(posted, 'document')} posted`}>
          Together {listOf(totals.map(amountOf))}.
        </Note>
      ) : null}
      {failed > 0 ? (
        <Note tone="bad" live title={`${countOf(failed, 'document')} could not be posted`}>
          <ul>
            {failures.map(({ id, description, customer, message, mend }) => (
              <li key={id}>
                <Link className="link" to="/invoices/$documentId" params={{ documentId: id }}>
                  <Name text={description === '' ? customer : description} />
                </Link>
                : {message} {mend}
              </li>
            ))}
          </ul>
          {failed > failures.length ? `These are the first ${postingFailuresMax}.` : null}
        </Note>
      ) : null}
    </>
  );
}
