import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useApiMutation } from '../../api/query.ts';
import { countOf } from '../../format/count.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { ButtonLink } from '../../parts/link.tsx';
import { Name } from '../../parts/name.tsx';
import { Note } from '../../parts/note.tsx';
import { useOneEntity } from '../../shell/books-scope.ts';

/** The server makes at most as many at a time; asking again makes the rest. */
const billingBatchMax = 500;

/** Makes the drafts that are due of every contract of the entity. */
export function BillContracts() {
  const entity = useOneEntity();
  const [isOpen, setIsOpen] = useState(false);
  const [upTo, setUpTo] = useState(() => new Date().toISOString().slice(0, 10));
  const bill = useApiMutation('billContracts', { changes: 'all' });
  if (!entity) return null;
  const made = bill.data?.data.length;
  const close = (): void => {
    setIsOpen(false);
    bill.reset();
  };
  return (
    <>
      <Button onClick={() => setIsOpen(true)}>Make invoices due</Button>
      <Confirm
        isOpen={isOpen}
        close={close}
        title="Make the invoices of all contracts that are due?"
        action={made === billingBatchMax ? 'Make the rest' : 'Make drafts'}
        isBusy={bill.isPending}
        isReady={upTo !== '' && (made === undefined || made === billingBatchMax)}
        error={bill.error}
        run={() => bill.mutate({ body: { entityId: entity.id, upTo } })}
      >
        <div className="stack">
          <div>
            Every part of a billing plan in <Name text={entity.name} whole /> that is due and has no invoice
            yet becomes a draft. A draft is not in the journal until you post it.
          </div>
          <TextInput
            label="Due up to"
            type="date"
            required
            value={upTo}
            onChange={(event) => {
              bill.reset();
              setUpTo(event.currentTarget.value);
            }}
          />
          {made === undefined ? null : (
            <Note
              tone={made === 0 ? 'info' : 'good'}
              live
              title={made === 0 ? 'Nothing was due' : `${countOf(made, 'draft')} made`}
              action={
                made === 0 ? null : (
                  <ButtonLink to="/invoices" search={{ status: 'draft' }} variant="default" size="sm">
                    See the drafts
                  </ButtonLink>
                )
              }
            >
              {made === billingBatchMax ? 'There are more: make the rest.' : null}
            </Note>
          )}
        </div>
      </Confirm>
    </>
  );
}
