import { Button, Modal, SegmentedControl, Select, TextInput } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import type { entityWire } from '../../../contract/organization-wire.ts';
import { currencyCodes } from '../../../kernel/currencies.ts';
import { useApiMutation } from '../../api/query.ts';
import { countOf } from '../../format/count.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Name } from '../../parts/name.tsx';
import { Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { type FiscalStart, FiscalStartInput } from './fiscal-start-input.tsx';
import { useEntities } from '../../shell/books-scope.ts';
import { useCan } from '../../shell/session.ts';

type Entity = z.infer<typeof entityWire>;

const columns: readonly Column<Entity>[] = [
  {
    key: 'name',
    header: 'Name',
    cell: ({ id, name }) => (
      <Link className="row-link" to="/settings/entities/$entityId" params={{ entityId: id }}>
        <Name text={name} />
      </Link>
    ),
  },
  {
    key: 'mode',
    header: 'Books',
    fit: true,
    cell: ({ mode }) => (mode === 'test' ? <span className="test-badge">TEST</span> : 'Live'),
  },
  { key: 'currency', header: 'Base currency', fit: true, cell: ({ baseCurrency }) => baseCurrency },
  { key: 'zone', header: 'Time zone', hide: 'sm', fit: true, cell: ({ timeZone }) => timeZone },
  {
    key: 'terms',
    header: 'Terms',
    hide: 'sm',
    align: 'end',
    fit: true,
    cell: ({ termsDays }) => `net ${countOf(termsDays, 'day')}`,
  },
];

export function EntitiesPage() {
  const entities = useEntities();
  const isAdmin = useCan('admin');
  const [isAdding, setIsAdding] = useState(false);
  return (
    <>
      <PageHeader
        title="Entities"
        crumbs={['Settings']}
        lead="A legal company with its own books and base currency. Test entities keep test data away from live books."
        actions={isAdmin ? <Button onClick={() => setIsAdding(true)}>Add an entity</Button> : null}
      />
      <DataTable label="Entities" columns={columns} rows={entities} rowKey={({ id }) => id} linked />
      <Modal opened={isAdding} onClose={() => setIsAdding(false)} title="Add an entity">
        <EntityForm close={() => setIsAdding(false)} />
      </Modal>
    </>
  );
}

function EntityForm({ close }: { readonly close: () => void }) {
  const [name, setName] = useState('');
  const [mode, setMode] = useState<Entity['mode']>('live');
  const [baseCurrency, setBaseCurrency] = useState<string | null>(null);
  const [timeZone, setTimeZone] = useState<string | null>('UTC');
  const [terms, setTerms] = useState('30');
  const [fiscalYearStart, setFiscalYearStart] = useState<FiscalStart>({ month: 1, day: 1 });
  const [booksFrom, setBooksFrom] = useState('');
  const navigate = useNavigate();
  const create = useApiMutation('createEntity', {
    changes: ['listEntities'],
    onDone: ({ id }) => {
      close();
      void navigate({ to: '/settings/entities/$entityId', params: { entityId: id } });
    },
  });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!baseCurrency) return;
        create.mutate({
          body: {
            name,
            mode,
            baseCurrency,
            timeZone: timeZone ?? 'UTC',
            termsDays: Number(terms),
            fiscalYearStart,
            booksFrom: booksFrom || undefined,
          },
        });
      }}
    >
      <Problem error={create.error} />
      <TextInput
        label="Name"
        required
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <div>
        <SegmentedControl
          aria-label="Books"
          fullWidth
          data={[
            { value: 'live', label: 'Live books' },
            { value: 'test', label: 'Test books' },
          ]}
          value={mode}
          onChange={(value) => setMode(value === 'test' ? 'test' : 'live')}
        />
      </div>
      <Select
        label="Base currency"
        required
        searchable
        data={[...currencyCodes]}
        value={baseCurrency}
        onChange={setBaseCurrency}
      />
      <Select
        label="Time zone"
        searchable
        limit={50}
        data={['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')]}
        value={timeZone}
        onChange={setTimeZone}
      />
      <TextInput
        label="Terms: days from the document’s date to its due date"
        required
        inputMode="numeric"
        pattern="\d{1,4}"
        value={terms}
        onChange={(event) => setTerms(event.currentTarget.value)}
      />
      <FiscalStartInput value={fiscalYearStart} change={setFiscalYearStart} />
      <TextInput
        label="Books from"
        description="The first day that anything can be dated. Empty: five years back."
        type="date"
        value={booksFrom}
        onChange={(event) => setBooksFrom(event.currentTarget.value)}
      />
      <p className="soft small" style={{ margin: 0 }}>
        It gets a standard chart of accounts.
      </p>
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" loading={create.isPending} disabled={!baseCurrency}>
          Add entity
        </Button>
      </div>
    </form>
  );
}
