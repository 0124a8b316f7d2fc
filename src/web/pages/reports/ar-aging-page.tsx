import { DayInput } from '../../parts/day-input.tsx';
import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { CustomerAgingWire } from '../../../contract/statement-wire.ts';
import { apiListQuery, call } from '../../api/query.ts';
import { isZeroAmount } from '../../format/amount.ts';
import { formatDay } from '../../format/date.ts';
import { Amount } from '../../parts/amount.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { ExportButton } from '../../parts/export-button.tsx';
import { Name } from '../../parts/name.tsx';
import { Empty, Note, Problem } from '../../parts/note.tsx';
import { Pager } from '../../parts/pager.tsx';
import { oneOf } from '../../parts/search-params.ts';
import { useOneEntity } from '../../shell/books-scope.ts';
import { agingColumns } from './aging-columns.tsx';
import { StatementFrame } from './statement-frame.tsx';

const columns: readonly Column<CustomerAgingWire>[] = [
  {
    key: 'customer',
    header: 'Customer',
    text: ({ customer }) => customer,
    cell: ({ customer, customerId }) => (
      <Link className="row-link" to="/customers/$customerId/statement" params={{ customerId }}>
        <Name text={customer} />
      </Link>
    ),
  },
  ...agingColumns<CustomerAgingWire>(),
];

const bases = ['due_date', 'document_date'] as const;

export function ArAgingPage() {
  const entity = useOneEntity();
  const search = useSearch({ from: '/app/reports/ar-aging' });
  const navigate = useNavigate({ from: '/reports/ar-aging' });
  const by = oneOf(bases, search.by) ?? 'due_date';
  const filters = { entityId: entity?.id, at: search.at, by };
  const aging = useQuery(apiListQuery('getArAging', { query: { ...filters, after: search.after } }));
  const { data } = aging;
  const change = (changed: Partial<typeof search>): void =>
    void navigate({ search: { ...search, after: undefined, page: undefined, ...changed } });
  return (
    <StatementFrame
      title="AR aging"
      lead={data ? `What customers owe at the end of ${formatDay(data.at)}` : null}
      actions={
        <ExportButton
          fileName={`ar-aging-${data?.at ?? 'today'}`}
          columns={columns}
          readPage={(page) => call('getArAging', { query: { ...filters, ...page } })}
        />
      }
      chooseEntity={(id) => change({ entity: id })}
      choices={
        <>
          <DayInput label="On" value={search.at ?? data?.at} change={(at) => change({ at })} />
          <Select
            label="Aged by"
            size="sm"
            w={180}
            allowDeselect={false}
            data={[
              { value: 'due_date', label: 'Due date' },
              { value: 'document_date', label: 'Document date' },
            ]}
            value={by}
            onChange={(value) => change({ by: value ?? undefined })}
          />
        </>
      }
    >
      <Problem error={aging.error} />
      {data?.total === 0 ? (
        <Empty title="Nobody owes anything on that day">
          Posted invoices stand here until they are paid, credited or written off, and payments until they are
          on an invoice.
        </Empty>
      ) : (
        <div className="stack">
          {data && !isZeroAmount(data.difference) ? (
            <Note tone="warn" title="The accounts hold something else than documents and receipts explain">
              Open documents come to <Amount amount={data.documentsTotal} currency={data.currency} />,
              unapplied receipts to <Amount amount={data.unappliedTotal} currency={data.currency} />,
              receivables less customer prepayments to{' '}
              <Amount amount={data.accountsTotal} currency={data.currency} />: the difference of{' '}
              <Amount amount={data.difference} currency={data.currency} /> was posted by hand or by a
              revaluation.
            </Note>
          ) : null}
          <DataTable
            label="AR aging"
            columns={columns}
            rows={data?.data}
            rowKey={({ customerId, currency }) => `${customerId} ${currency}`}
            busy={aging.isPlaceholderData}
            linked
          />
          {data ? (
            <>
              <Pager
                listKey={['ar-aging', filters]}
                list={data}
                search={search}
                noun="customer"
                go={change}
              />
              <h2>By currency</h2>
              <DataTable
                label="AR aging by currency"
                columns={agingColumns()}
                rows={data.totals}
                rowKey={({ currency }) => currency}
              />
            </>
          ) : null}
        </div>
      )}
    </StatementFrame>
  );
}
