import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useApiMutation } from '../../api/query.ts';
import { formatDay } from '../../format/date.ts';
import { Confirm } from '../../parts/confirm.tsx';
import type { JournalLine } from './journal-table.tsx';

interface ReverseEntryProps {
  /** Any line of the entry. */
  readonly line: JournalLine;
  readonly close: () => void;
}

export function ReverseEntry({ line, close }: ReverseEntryProps) {
  const [date, setDate] = useState('');
  const reverse = useApiMutation('reverseJournalEntry', { changes: 'all', onDone: close });
  return (
    <Confirm
      isOpen
      close={close}
      title="Reverse the entry?"
      action="Reverse entry"
      isDangerous
      isBusy={reverse.isPending}
      error={reverse.error}
      run={() => reverse.mutate({ params: { id: line.entryId }, body: date === '' ? {} : { date } })}
    >
      <p>
        “{line.description}” of {formatDay(line.date)} stays; an entry with all its debits and credits swapped
        takes it back.
      </p>
      <TextInput
        label="Day of the reversal"
        description="Empty: today"
        type="date"
        min={line.date}
        value={date}
        onChange={(event) => setDate(event.currentTarget.value)}
      />
    </Confirm>
  );
}
