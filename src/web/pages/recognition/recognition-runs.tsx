import { Button, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import type { recognitionRunWire } from '../../../contract/contracts-wire.ts';
import { useApiMutation } from '../../api/query.ts';
import { formatAmount } from '../../format/amount.ts';
import { countOf, listOf } from '../../format/count.ts';
import { formatMonth } from '../../format/date.ts';
import { actorWords } from '../../format/words.ts';
import { Amount } from '../../parts/amount.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Day, InstantText, Month } from '../../parts/date-text.tsx';
import { Name } from '../../parts/name.tsx';
import { Status } from '../../parts/status.tsx';
import { OpenDay } from './open-day.tsx';

type Run = z.infer<typeof recognitionRunWire>;

function columnsWith(startUndo: ((run: Run) => void) | null): readonly Column<Run>[] {
  return [
    { key: 'month', header: 'Month', fit: true, cell: ({ period }) => <Month day={period} /> },
    {
      key: 'date',
      header: 'Dated',
      fit: true,
      cell: ({ date }) => (
        <Link to="/journal" search={{ from: date, to: date }}>
          <Day day={date} />
        </Link>
      ),
    },
    {
      key: 'state',
      header: 'State',
      fit: true,
      cell: ({ undone }) => <Status status={undone ? 'undone' : 'in_force'} />,
    },
    {
      key: 'by',
      header: 'Posted',
      hide: 'md',
      cell: ({ createdBy, createdAt }) => (
        <>
          <InstantText instant={createdAt} /> <span className="soft">by</span>{' '}
          <Name text={actorWords(createdBy)} />
        </>
      ),
    },
    {
      key: 'obligations',
      header: 'Obligations',
      align: 'end',
      fit: true,
      hide: 'sm',
      cell: ({ obligations }) => obligations,
    },
    {
      key: 'totals',
      header: 'Revenue',
      align: 'end',
      fit: true,
      cell: ({ totals }) =>
        totals.map(({ currency, amount }) => (
          <div key={currency}>
            <Amount amount={amount} currency={currency} />
          </div>
        )),
    },
    ...(startUndo === null ? [] : [undoColumn(startUndo)]),
  ];
}

function undoColumn(startUndo: (run: Run) => void): Column<Run> {
  return {
    key: 'undo',
    header: 'Action',
    fit: true,
    cell: (run) =>
      run.undone ? null : (
        <Button size="compact-xs" variant="default" onClick={() => startUndo(run)}>
          Undo
          <span className="visually-hidden"> the run of {formatMonth(run.period)}</span>
        </Button>
      ),
  };
}

interface RecognitionRunsProps {
  readonly runs: readonly Run[] | undefined;
  readonly busy: boolean;
  readonly canPost: boolean;
  readonly entityId: string | undefined;
}

/** Runs that were posted, newest month first; one that stands can be undone. */
export function RecognitionRuns({ runs, busy, canPost, entityId }: RecognitionRunsProps) {
  const [undoing, setUndoing] = useState<Run | null>(null);
  return (
    <>
      <DataTable
        label="Recognition runs"
        columns={columnsWith(canPost ? setUndoing : null)}
        rows={runs}
        rowKey={({ id }) => id}
        busy={busy}
      />
      {undoing ? <UndoRun run={undoing} entityId={entityId} close={() => setUndoing(null)} /> : null}
    </>
  );
}

interface UndoRunProps {
  readonly run: Run;
  readonly entityId: string | undefined;
  readonly close: () => void;
}

function UndoRun({ run, entityId, close }: UndoRunProps) {
  const [date, setDate] = useState(run.date);
  const undo = useApiMutation('undoRecognitionRun', { changes: 'all', onDone: close });
  const totals = run.totals.map(({ currency, amount }) => `${currency} ${formatAmount(amount, currency)}`);
  return (
    <Confirm
      isOpen
      close={close}
      title={`Undo the run of ${formatMonth(run.period)}?`}
      action="Undo run"
      isDangerous
      isBusy={undo.isPending}
      isReady={date !== ''}
      error={undo.error}
      run={() => undo.mutate({ params: { id: run.id }, body: date === run.date ? {} : { date } })}
    >
      <div className="stack">
        <div>
          Each entry of the run is reversed: {listOf(totals)} of {countOf(run.obligations, 'obligation')}{' '}
          {run.obligations === 1 ? 'is' : 'are'} due again, and the next run takes it.
        </div>
        <TextInput
          label="Date of the reversals"
          description="The day of the run, or a later one when its month is closed."
          type="date"
          required
          min={run.date}
          value={date}
          onChange={(event) => setDate(event.currentTarget.value)}
        />
        <OpenDay entityId={entityId} day={date} choose={setDate} />
      </div>
    </Confirm>
  );
}
