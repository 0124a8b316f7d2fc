import { Button, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useApiMutation } from '../../api/query.ts';
import { readable } from '../../format/words.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Problem } from '../../parts/note.tsx';
import type { EntityCardProps, EntityDetails } from './entity-card.ts';

type Series = EntityDetails['numberSeries'][number];

const columns: readonly Column<Series>[] = [
  { key: 'kind', header: 'Documents', cell: ({ kind }) => readable(kind) },
  {
    key: 'example',
    header: 'Next number',
    fit: true,
    cell: ({ example }) => <span className="mono">{example}</span>,
  },
];

/** How its documents are numbered: without a gap, and only upwards. */
export function NumberSeries({ entity, canChange }: EntityCardProps) {
  const [edited, setEdited] = useState<Series | null>(null);
  const actions: Column<Series> = {
    key: 'actions',
    header: 'Change',
    fit: true,
    cell: (series) => (
      <Button
        variant="default"
        size="compact-sm"
        aria-label={`Change the numbers of ${readable(series.kind).toLowerCase()}`}
        onClick={() => setEdited(series)}
      >
        Change
      </Button>
    ),
  };
  return (
    <section className="card stack" aria-labelledby="numbers">
      <h2 id="numbers" style={{ margin: 0 }}>
        Document numbers
      </h2>
      <DataTable
        label="Document numbers"
        columns={canChange ? [...columns, actions] : columns}
        rows={entity.numberSeries}
        rowKey={({ kind }) => kind}
      />
      <Modal
        opened={edited !== null}
        onClose={() => setEdited(null)}
        title={`Numbers of ${readable(edited?.kind ?? '').toLowerCase()}`}
      >
        {edited ? <SeriesForm entityId={entity.id} series={edited} close={() => setEdited(null)} /> : null}
      </Modal>
    </section>
  );
}

interface SeriesFormProps {
  readonly entityId: string;
  readonly series: Series;
  readonly close: () => void;
}

function SeriesForm({ entityId, series, close }: SeriesFormProps) {
  const [prefix, setPrefix] = useState(series.prefix);
  const [digits, setDigits] = useState(String(series.digits));
  const [nextNumber, setNextNumber] = useState(String(series.nextNumber));
  const change = useApiMutation('changeNumberSeries', { changes: ['getEntity'], onDone: close });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate({
          params: { id: entityId, kind: series.kind },
          body: { prefix, digits: Number(digits), nextNumber: Number(nextNumber) },
        });
      }}
    >
      <Problem error={change.error} title="The numbers were not changed." />
      <TextInput
        label="Prefix"
        description="It ends in no digit, such as INV-2026-."
        maxLength={20}
        value={prefix}
        onChange={(event) => setPrefix(event.currentTarget.value)}
      />
      <TextInput
        label="Digits"
        description="Shorter numbers are filled up with zeros."
        required
        inputMode="numeric"
        pattern="\d{1,2}"
        value={digits}
        onChange={(event) => setDigits(event.currentTarget.value)}
      />
      <TextInput
        label="Next number"
        description={`${series.nextNumber} or more: numbers only go up.`}
        required
        inputMode="numeric"
        pattern="\d{1,12}"
        value={nextNumber}
        onChange={(event) => setNextNumber(event.currentTarget.value)}
      />
      <p className="soft small" style={{ margin: 0 }}>
        The next one will be{' '}
        <span className="mono">{`${prefix}${nextNumber.padStart(Number(digits) || 1, '0')}`}</span>.
      </p>
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" loading={change.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}
