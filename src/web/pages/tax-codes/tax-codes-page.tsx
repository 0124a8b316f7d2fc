import { Button, Modal, Switch, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { z } from 'zod';
import type { taxCodeWire } from '../../../contract/by-hand-wire.ts';
import { pageLimitMax } from '../../../contract/wire.ts';
import { apiQuery, useApiMutation } from '../../api/query.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Name } from '../../parts/name.tsx';
import { Empty, Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Status } from '../../parts/status.tsx';
import { useOneEntity } from '../../shell/books-scope.ts';
import { useCan } from '../../shell/session.ts';

type TaxCode = z.infer<typeof taxCodeWire>;

export function TaxCodesPage() {
  const entity = useOneEntity();
  const canConfigure = useCan('configure');
  const [edited, setEdited] = useState<TaxCode | 'new' | null>(null);
  const codes = useQuery(apiQuery('listTaxCodes', { query: { entityId: entity?.id, limit: pageLimitMax } }));
  const add = canConfigure ? <Button onClick={() => setEdited('new')}>Add a tax code</Button> : null;
  const columns: readonly Column<TaxCode>[] = [
    {
      key: 'code',
      header: 'Code',
      fit: true,
      text: ({ code }) => code,
      cell: (row) =>
        canConfigure ? (
          <Button variant="subtle" size="compact-sm" onClick={() => setEdited(row)}>
            {row.code}
          </Button>
        ) : (
          row.code
        ),
    },
    { key: 'name', header: 'Name', text: ({ name }) => name, cell: ({ name }) => <Name text={name} /> },
    {
      key: 'account',
      header: 'Account',
      fit: true,
      hide: 'sm',
      text: ({ account }) => account ?? '',
      cell: ({ account }) => account ?? <span className="soft">The entity’s</span>,
    },
    {
      key: 'status',
      header: 'Status',
      fit: true,
      hide: 'sm',
      text: ({ active }) => (active ? 'active' : 'inactive'),
      cell: ({ active }) => <Status status={active ? 'active' : 'inactive'} />,
    },
    {
      key: 'rate',
      header: 'Rate %',
      align: 'end',
      fit: true,
      text: ({ ratePercent }) => ratePercent,
      cell: ({ ratePercent }) => ratePercent,
    },
  ];
  return (
    <>
      <PageHeader
        title="Tax codes"
        lead={`What lines of ${entity?.name ?? ''} are charged: a line’s own code, else its customer’s, else its item’s.`}
        actions={add}
      />
      <Problem error={codes.error} />
      {codes.data?.data.length === 0 ? (
        <Empty title="No tax codes yet" action={add}>
          Add one for each rate that you charge, and one of 0 % with a note for those that you do not charge.
        </Empty>
      ) : (
        <DataTable label="Tax codes" columns={columns} rows={codes.data?.data} rowKey={({ id }) => id} />
      )}
      <Modal
        opened={edited !== null}
        onClose={() => setEdited(null)}
        title={edited === 'new' ? 'Add a tax code' : 'Change the tax code'}
      >
        {edited === null || !entity ? null : (
          <TaxCodeForm
            entityId={entity.id}
            code={edited === 'new' ? null : edited}
            close={() => setEdited(null)}
          />
        )}
      </Modal>
    </>
  );
}

interface TaxCodeFormProps {
  readonly entityId: string;
  readonly code: TaxCode | null;
  readonly close: () => void;
}

function TaxCodeForm({ entityId, code, close }: TaxCodeFormProps) {
  const [texts, setTexts] = useState({
    code: code?.code ?? '',
    name: code?.name ?? '',
    ratePercent: code?.ratePercent ?? '',
    account: code?.account ?? '',
    note: code?.note ?? '',
  });
  const [active, setActive] = useState(code?.active ?? true);
  const done = { changes: ['listTaxCodes'] as const, onDone: close };
  const create = useApiMutation('createTaxCode', done);
  const update = useApiMutation('updateTaxCode', done);
  const remove = useApiMutation('deleteTaxCode', done);
  const save = (): void => {
    const { account, note, ...rest } = texts;
    const body = { ...rest, account: account || null, note: note || null, active };
    if (code) update.mutate({ params: { id: code.id }, body });
    else create.mutate({ body: { entityId, ...body } });
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Problem error={create.error ?? update.error ?? remove.error} />
      {fields.map(({ field, label, description, required }) => (
        <TextInput
          key={field}
          label={label}
          description={description}
          required={required}
          value={texts[field]}
          onChange={(event) => setTexts({ ...texts, [field]: event.currentTarget.value })}
        />
      ))}
      <Switch label="Active" checked={active} onChange={(event) => setActive(event.currentTarget.checked)} />
      <div className="row row-between">
        {code ? (
          <Button
            variant="default"
            loading={remove.isPending}
            onClick={() => remove.mutate({ params: { id: code.id } })}
          >
            Delete
          </Button>
        ) : (
          <span />
        )}
        <Button type="submit" loading={create.isPending || update.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}

const fields = [
  { field: 'code', label: 'Code', description: 'Such as VAT19.', required: true },
  { field: 'name', label: 'Name', description: undefined, required: true },
  { field: 'ratePercent', label: 'Rate in percent', description: undefined, required: true },
  {
    field: 'account',
    label: 'Account number',
    description: 'Empty: the entity’s tax payable.',
    required: false,
  },
  { field: 'note', label: 'Note', description: 'Said on documents that use it.', required: false },
] as const;
