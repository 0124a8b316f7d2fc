import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ContractWire } from '../../../contract/contracts-wire.ts';
import { Amount } from '../../parts/amount.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Day, Month } from '../../parts/date-text.tsx';
import { Name } from '../../parts/name.tsx';
import { Status } from '../../parts/status.tsx';
import { ReachMilestone } from './reach-milestone.tsx';

type Obligation = ContractWire['obligations'][number];
type SchedulePart = Obligation['schedule'][number];

interface ObligationScheduleProps {
  readonly contract: ContractWire;
  readonly obligation: Obligation;
  readonly canPost: boolean;
}

/** What of an obligation becomes revenue in which month, or with which milestone. */
export function ObligationSchedule({ contract, obligation, canPost }: ObligationScheduleProps) {
  const [chosen, setChosen] = useState<SchedulePart | null>(null);
  const { document } = contract;
  const isDraft = document.status === 'draft';
  const isMilestone = obligation.recognition === 'milestone';
  const canReach = canPost && document.status === 'active';
  if (obligation.schedule.length === 0)
    return <p className="soft">Nothing of the price falls on it, so there is nothing to recognise.</p>;
  return (
    <>
      <DataTable
        label={`Schedule of ${obligation.description}`}
        columns={
          isMilestone
            ? milestoneColumns(document.currency, isDraft, canReach ? setChosen : null)
            : monthColumns(document.currency, isDraft)
        }
        rows={obligation.schedule}
        rowKey={({ position }) => String(position)}
      />
      {chosen === null ? null : (
        <ReachMilestone
          contract={contract}
          obligation={obligation}
          part={chosen}
          close={() => setChosen(null)}
        />
      )}
    </>
  );
}

function amountColumn(currency: string): Column<SchedulePart> {
  return {
    key: 'amount',
    header: `Revenue ${currency}`,
    align: 'end',
    fit: true,
    cell: ({ amount }) => <Amount amount={amount} currency={currency} bare />,
  };
}

function stateColumn(isDraft: boolean): Column<SchedulePart> {
  return {
    key: 'state',
    header: 'State',
    cell: (part) => <Status status={isDraft ? 'planned' : stateOf(part)} />,
  };
}

/** Due: its month has come, and the next recognition run of that month or a later one takes it. */
function stateOf({ recognised, period }: SchedulePart): 'recognised' | 'due' | 'planned' {
  if (recognised) return 'recognised';
  return period !== null && period <= new Date().toISOString().slice(0, 10) ? 'due' : 'planned';
}

function monthColumns(currency: string, isDraft: boolean): readonly Column<SchedulePart>[] {
  return [
    {
      key: 'month',
      header: 'Month',
      fit: true,
      cell: ({ period }) => (period === null ? null : <Month day={period} />),
    },
    stateColumn(isDraft),
    amountColumn(currency),
  ];
}

function milestoneColumns(
  currency: string,
  isDraft: boolean,
  choose: ((part: SchedulePart) => void) | null,
): readonly Column<SchedulePart>[] {
  const action: Column<SchedulePart> = {
    key: 'action',
    header: 'Action',
    fit: true,
    cell: (part) =>
      choose === null || part.recognised ? null : (
        <Button size="compact-xs" variant="default" onClick={() => choose(part)}>
          {part.reachedOn === null ? 'Reached…' : 'Not reached…'}
          <span className="visually-hidden"> {part.milestone}</span>
        </Button>
      ),
  };
  return [
    {
      key: 'milestone',
      header: 'Milestone',
      cell: ({ milestone, reachedOn }) => (
        <>
          <Name text={milestone ?? ''} whole />
          <div className="soft small">
            {reachedOn === null ? (
              'Not reached'
            ) : (
              <>
                Reached <Day day={reachedOn} />
              </>
            )}
          </div>
        </>
      ),
    },
    stateColumn(isDraft),
    amountColumn(currency),
    ...(choose === null ? [] : [action]),
  ];
}
