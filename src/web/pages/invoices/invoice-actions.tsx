import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { DocumentWire } from '../../../contract/books-wire.ts';
import { apiBasePath } from '../../../contract/headers.ts';
import { useApiMutation } from '../../api/query.ts';
import { formatAmount } from '../../format/amount.ts';
import { countOf } from '../../format/count.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Note } from '../../parts/note.tsx';
import { SettlementActions } from './settlement-actions.tsx';

type Action = 'post' | 'reverse' | 'delete';

/** What can be done with the invoice in its status; each says in numbers what will happen before it does. */
export function InvoiceActions({ document }: { readonly document: DocumentWire }) {
  const [open, setOpen] = useState<Action | null>(null);
  const navigate = useNavigate();
  const close = (): void => setOpen(null);
  const post = useApiMutation('postDocuments', { changes: 'all', onDone: close });
  const reverse = useApiMutation('reverseDocument', { changes: 'all', onDone: close });
  const remove = useApiMutation('deleteDocument', {
    onDone: () => void navigate({ to: '/invoices', search: {} }),
    changes: ['listDocuments', 'getOverview', 'listReview'],
  });
  const { id, currency, status } = document;
  const total = `${currency} ${formatAmount(document.total, currency)}`;
  const refused = post.data?.data.find((outcome) => outcome.outcome === 'failed');
  return (
    <>
      <Button
        component="a"
        href={`${apiBasePath}/documents/${id}/pdf`}
        target="_blank"
        rel="noreferrer"
        variant="default"
      >
        PDF
      </Button>
      {status === 'draft' ? (
        <>
          {document.kind === 'invoice' ? (
            <Button
              variant="default"
              onClick={() => void navigate({ to: '/invoices/$documentId/edit', params: { documentId: id } })}
            >
              Edit
            </Button>
          ) : null}
          <Button variant="default" onClick={() => setOpen('delete')}>
            Delete draft
          </Button>
          <Button onClick={() => setOpen('post')}>Post</Button>
        </>
      ) : null}
      <SettlementActions document={document} />
      {(status === 'posted' || status === 'overdue') && document.openAmount === document.total ? (
        <Button variant="default" onClick={() => setOpen('reverse')}>
          Reverse
        </Button>
      ) : null}
      {refused ? (
        <Note tone="bad" live title="The invoice was not posted">
          {refused.message} {refused.mend}
        </Note>
      ) : null}
      <Confirm
        isOpen={open === 'post'}
        close={close}
        title="Post this invoice?"
        action="Post invoice"
        isBusy={post.isPending}
        error={post.error}
        run={() => post.mutate({ body: { ids: [id] } })}
      >
        It gets its number and a journal entry of {total}. A posted invoice can be reversed, not deleted.
      </Confirm>
      <Confirm
        isOpen={open === 'reverse'}
        close={close}
        title={`Reverse invoice ${document.number ?? ''}?`}
        action={`Reverse ${document.number ?? 'invoice'}`}
        isDangerous
        isBusy={reverse.isPending}
        error={reverse.error}
        run={() => reverse.mutate({ params: { id } })}
      >
        It reverses 1 posted invoice, {total}, with a journal entry that takes the first one back. The deal is
        held as unsynced until it is released or changed in the CRM. The invoice stays readable.
      </Confirm>
      <Confirm
        isOpen={open === 'delete'}
        close={close}
        title="Delete this draft?"
        action="Delete draft"
        isDangerous
        isBusy={remove.isPending}
        error={remove.error}
        run={() => remove.mutate({ params: { id } })}
      >
        It deletes 1 draft of {total} with {countOf(document.lines.length, 'line')}. Nothing of it is in the
        journal. Its deal is held as unsynced until it is released or changed in the CRM.
      </Confirm>
    </>
  );
}
