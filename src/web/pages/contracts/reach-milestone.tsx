import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ContractWire } from '../../../contract/contracts-wire.ts';
import { useApiMutation } from '../../api/query.ts';
import { formatAmount } from '../../format/amount.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Name } from '../../parts/name.tsx';

type Obligation = ContractWire['obligations'][number];

interface ReachMilestoneProps {
  readonly contract: ContractWire;
  readonly obligation: Obligation;
  readonly part: Obligation['schedule'][number];
  readonly close: () => void;
}

/** Says when a milestone was reached, or takes that back; either can be changed until its revenue is recognised. */
export function ReachMilestone({ contract, obligation, part, close }: ReachMilestoneProps) {
  const [date, setDate] = useState(() => new Date().toISOString().slice(0, 10));
  const set = useApiMutation('setMilestone', { changes: 'all', onDone: close });
  const { id, currency } = contract.document;
  const amount = `${currency} ${formatAmount(part.amount, currency)}`;
  const isReached = part.reachedOn !== null;
  return (
    <Confirm
      isOpen
      close={close}
      title={isReached ? 'The milestone is not reached after all?' : 'The milestone is reached?'}
      action={isReached ? 'Not reached' : 'Reached'}
      isBusy={set.isPending}
      isReady={isReached || date !== ''}
      error={set.error}
      run={() =>
        set.mutate({
          params: { id },
          body: {
            obligation: obligation.position,
            milestone: part.position,
            reachedOn: isReached ? null : date,
          },
        })
      }
    >
      <div className="stack">
        <div>
          <strong>
            <Name text={part.milestone ?? ''} whole />
          </strong>{' '}
          of <Name text={obligation.description} whole />:{' '}
          {isReached
            ? `${amount} is no longer due to be recognised.`
            : `${amount} becomes revenue with the recognition run of its month.`}
        </div>
        {isReached ? null : (
          <TextInput
            label="Reached on"
            type="date"
            required
            value={date}
            onChange={(event) => setDate(event.currentTarget.value)}
          />
        )}
      </div>
    </Confirm>
  );
}
