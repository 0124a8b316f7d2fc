import { DayInput } from '../../parts/day-input.tsx';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { CustomerStatementLineWire } from '../../../contract/statement-wire.ts';
import { apiListQuery } from '../../api/query.ts';
import { formatDay } from '../../format/date.ts';
import { readable } from '../../format/words.ts';
import { Amount } from '../../parts/amount.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Day } from '../../parts/date-text.tsx';
import { ExportButton } from '../../parts/export-button.tsx';
import { Name } from '../../parts/name.tsx';
import { Empty, Note, Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { agingColumns } from './aging-columns.tsx';

function SourceLink({ documentId, documentNumber, receiptId, receiptNumber }: CustomerStatementLineWire) {
  if (documentId !== null)
    return (
      <Link to="/invoices/$documentId" params={{ documentId }}>
        {documentNumber ?? 'Document'}
      </Link>
    );
  if (receiptId === null) return null;
  return (
    <Link to="/receipts/$receiptId" params={{ receiptId }}>
      {receiptNumber}
    </Link>
  );
}

/** The posting of a document is called by the document, everything else by what the entry did. */
function wordOf({ kind, documentKind }: CustomerStatementLineWire): string {
  return readable(kind === 'document' ? (documentKind ?? kind) : kind);
}

const columns: readonly Column<CustomerStatementLineWire>[] = [
  {
    key: 'date',
    header: 'Date',
    fit: true,
    hide: 'xs',
    text: ({ date }) => date,
    cell: ({ date }) => <Day day={date} />,
  },
  { key: 'what', header: 'What', fit: true, hide: 'sm', text: wordOf, cell: wordOf },
  {
    key: 'document',
    header: 'Document',
    fit: true,
    text: ({ documentNumber, receiptNumber }) => documentNumber ?? receiptNumber ?? '',
    cell: (line) => (
      <>
        <SourceLink {...line} />
        <span className="xs-only phone-lines">
          {wordOf(line)}, <Day day={line.date} />
        </span>
      </>
    ),
  },
  {
    key: 'description',
    header: 'Description',
    hide: 'md',
    text: ({ description }) => description,
    cell: ({ description }) => <Name text={description} />,
  },
  {
    key: 'amount',
    header: 'Amount',
    align: 'end',
    fit: true,
    text: ({ currency, amount }) => `${currency} ${amount}`,
    cell: ({ currency, amount }) => <Amount amount={amount} currency={currency} />,
  },
  {
    key: 'balance',
    header: 'Balance',
    align: 'end',
    fit: true,
    text: ({ currency, balance }) => `${currency} ${balance}`,
    cell: ({ currency, balance }) => <Amount amount={balance} currency={currency} />,
  },
];

export function CustomerStatementPage() {
  const { customerId } = useParams({ from: '/app/customers/$customerId/statement' });
  const search = useSearch({ from: '/app/customers/$customerId/statement' });
  const navigate = useNavigate({ from: '/customers/$customerId/statement' });
  const query = { from: search.from, to: search.to };
  const statement = useQuery(apiListQuery('getCustomerStatement', { params: { id: customerId }, query }));
  const { data } = statement;
  const change = (changed: Partial<typeof search>): void =>
    void navigate({ search: { ...search, ...changed } });
  return (
    <>
      <PageHeader
        title={data ? `Statement of ${data.customer.name}` : 'Statement'}
        crumbs={[
          <Link key="customers" to="/customers">
            Customers
          </Link>,
          <Link key="customer" to="/customers/$customerId" params={{ customerId }}>
            {data ? <Name text={data.customer.name} /> : 'Customer'}
          </Link>,
        ]}
        lead={data ? `Up to ${formatDay(data.to)}` : null}
        actions={
          <ExportButton
            fileName={`statement-${data?.to ?? 'today'}`}
            columns={columns}
            readPage={async () => ({ data: data?.data ?? [], next: null })}
          />
        }
      />
      <div className="toolbar" role="search" aria-label="Choose the range">
        <DayInput label="From" value={search.from} change={(from) => change({ from })} />
        <DayInput label="To" value={search.to ?? data?.to} change={(to) => change({ to })} />
      </div>
      <Problem error={statement.error} />
      {data?.data.length === 0 ? (
        <Empty title="Nothing was posted for this customer in that range">
          Posted invoices and what settles them stand here.
        </Empty>
      ) : (
        <div className="stack">
          {data?.cut ? (
            <Note tone="warn" title="There are more lines than are shown">
              Choose a shorter range to see the rest. The balances below are complete.
            </Note>
          ) : null}
          <DataTable
            label="Statement"
            columns={columns}
            rows={data?.data}
            rowKey={({ entryId, currency }) => `${entryId} ${currency}`}
            busy={statement.isPlaceholderData}
          />
        </div>
      )}
      {data && data.balances.length > 0 ? (
        <section className="stack" aria-labelledby="balances" style={{ marginTop: '1.25rem' }}>
          <h2 id="balances" style={{ margin: 0 }}>
            Balances
          </h2>
          {data.balances.map(({ currency, opening, closing }) => (
            <p key={currency} style={{ margin: 0 }}>
              Opening <Amount amount={opening} currency={currency} />, closing{' '}
              <strong>
                <Amount amount={closing} currency={currency} />
              </strong>
            </p>
          ))}
          {data.aging.length > 0 ? (
            <DataTable
              label="How long it is due"
              columns={agingColumns()}
              rows={data.aging}
              rowKey={({ currency }) => currency}
            />
          ) : null}
        </section>
      ) : null}
    </>
  );
}
