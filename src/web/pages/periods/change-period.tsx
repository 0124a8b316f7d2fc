import { Checkbox, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { FiscalPeriodWire, FiscalYearWire } from '../../../contract/fiscal-wire.ts';
import { useApiMutation } from '../../api/query.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Note } from '../../parts/note.tsx';
import { changedByPeriods, earlierOnes, type PeriodStatus, periodVerbs, spanOf } from './fiscal-years.ts';

const effects: Readonly<Record<PeriodStatus, string>> = {
  open: 'Every entry can be dated in it again.',
  closed: 'Only adjusting entries, revaluations and the year-end close can be dated in it from then on.',
  locked: 'Nothing can be dated in it from then on.',
};

interface ChangePeriodProps {
  readonly period: FiscalPeriodWire;
  readonly status: PeriodStatus;
  /** Those of the entity: periods close in order. */
  readonly years: readonly FiscalYearWire[];
  readonly close: () => void;
}

/** Asks why, and whether earlier periods that are more open go the same way. */
export function ChangePeriod({ period, status, years, close }: ChangePeriodProps) {
  const [reason, setReason] = useState('');
  const [withEarlier, setWithEarlier] = useState(false);
  const change = useApiMutation('changeFiscalPeriod', { changes: changedByPeriods, onDone: close });
  const earlier = earlierOnes(years, period, status);
  const verb = periodVerbs[status];
  return (
    <Confirm
      isOpen
      close={close}
      title={`${verb} ${period.name}?`}
      action={earlier.length > 0 ? `${verb} ${earlier.length + 1} periods` : `${verb} ${period.name}`}
      isBusy={change.isPending}
      isReady={reason.trim() !== '' && (earlier.length === 0 || withEarlier)}
      error={change.error}
      run={() =>
        change.mutate({
          params: { id: period.id },
          body: { status, reason, closeEarlier: earlier.length > 0 },
        })
      }
    >
      <div className="stack">
        <p style={{ margin: 0 }}>{effects[status]} It waits for what is being posted just now.</p>
        {earlier.length > 0 ? (
          <Note tone="warn" title="Periods close in order">
            <Checkbox
              label={`Also ${verb.toLowerCase()} ${spanOf(earlier)}`}
              checked={withEarlier}
              onChange={(event) => setWithEarlier(event.currentTarget.checked)}
            />
          </Note>
        ) : null}
        <Textarea
          label="Why"
          description="It is kept with your name in the audit trail."
          required
          maxLength={500}
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </div>
    </Confirm>
  );
}
