import { TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ContractWire } from '../../../contract/contracts-wire.ts';
import { useApiMutation } from '../../api/query.ts';
import { Confirm } from '../../parts/confirm.tsx';

interface RenewContractProps {
  readonly contract: ContractWire;
  readonly close: () => void;
}

/** Drafts the contract that goes on from this one, and leads to it. */
export function RenewContract({ contract, close }: RenewContractProps) {
  const [start, setStart] = useState('');
  const [months, setMonths] = useState('');
  const [uplift, setUplift] = useState('');
  const navigate = useNavigate();
  const renew = useApiMutation('renewContract', {
    changes: 'all',
    onDone: (draft) => {
      close();
      void navigate({ to: '/contracts/$contractId', params: { contractId: draft.document.id } });
    },
  });
  return (
    <Confirm
      isOpen
      close={close}
      title={`Renew ${contract.document.number ?? 'the contract'}?`}
      action="Draft the renewal"
      isBusy={renew.isPending}
      error={renew.error}
      run={() =>
        renew.mutate({
          params: { id: contract.document.id },
          body: {
            ...(start === '' ? {} : { start }),
            ...(months === '' ? {} : { months: Number(months) }),
            ...(uplift.trim() === '' ? {} : { upliftPercent: uplift.trim() }),
          },
        })
      }
    >
      <div className="stack">
        <div>
          A draft contract for the same customer with what recurs, at its price. What is delivered once is
          left out. This contract stays as it is.
        </div>
        <TextInput
          label="Starts"
          description="Empty: the day after the last day of service"
          type="date"
          value={start}
          onChange={(event) => setStart(event.currentTarget.value)}
        />
        <TextInput
          label="Months"
          description="Empty: as many as it had"
          type="number"
          min={1}
          max={600}
          value={months}
          onChange={(event) => setMonths(event.currentTarget.value)}
        />
        <TextInput
          label="Uplift in percent"
          description="Below zero: less. Empty: none"
          inputMode="text"
          value={uplift}
          onChange={(event) => setUplift(event.currentTarget.value)}
        />
      </div>
    </Confirm>
  );
}
