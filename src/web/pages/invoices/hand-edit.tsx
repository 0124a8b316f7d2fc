import { Button } from '@mantine/core';
import type { DocumentWire } from '../../../contract/books-wire.ts';
import { useApiMutation } from '../../api/query.ts';
import { actorWords } from '../../format/words.ts';
import { Note, Problem } from '../../parts/note.tsx';
import { useCan } from '../../shell/session.ts';

/** Says that a person edited the draft of a deal, and lets one decide whose values it takes. */
export function HandEdit({ document }: { readonly document: DocumentWire }) {
  const resolve = useApiMutation('resolveConflict', { changes: 'all' });
  const canPost = useCan('post');
  const keep = (side: 'books' | 'crm'): void =>
    resolve.mutate({ params: { id: document.id }, body: { keep: side } });
  return (
    <Note tone="info" title={`Edited by ${actorWords(document.editedBy ?? '')}`}>
      No sync writes over it. When the deal changes in the CRM too, it is held for review until you decide.
      <Problem error={resolve.error} />
      {canPost ? (
        <div className="row" style={{ marginTop: '0.5rem' }}>
          <Button size="compact-sm" variant="default" onClick={() => keep('books')}>
            Keep the edit
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => keep('crm')}>
            Take the CRM’s values at the next sync
          </Button>
        </div>
      ) : null}
    </Note>
  );
}
