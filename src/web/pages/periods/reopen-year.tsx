import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { FiscalYearWire } from '../../../contract/fiscal-wire.ts';
import { useApiMutation } from '../../api/query.ts';
import { Confirm } from '../../parts/confirm.tsx';

/** Takes a year-end close back. */
export function ReopenYear({ year }: { readonly year: FiscalYearWire }) {
  const [isOpen, setIsOpen] = useState(false);
  const [reason, setReason] = useState('');
  const close = (): void => setIsOpen(false);
  const reopen = useApiMutation('reopenFiscalYear', { changes: 'all', onDone: close });
  return (
    <>
      <Button variant="default" onClick={() => setIsOpen(true)}>
        Reopen the year
      </Button>
      <Confirm
        isOpen={isOpen}
        close={close}
        title={`Reopen ${year.name}?`}
        action={`Reopen ${year.name}`}
        isDangerous
        isBusy={reopen.isPending}
        isReady={reason.trim() !== ''}
        error={reopen.error}
        run={() => reopen.mutate({ params: { id: year.id }, body: { reason } })}
      >
        <div className="stack">
          <p style={{ margin: 0 }}>
            Its closing entries are reversed on the last day of the year: income and expenses stand on their
            accounts again. Its months stay as they are.
          </p>
          <Textarea
            label="Why"
            required
            maxLength={500}
            autosize
            minRows={2}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        </div>
      </Confirm>
    </>
  );
}
