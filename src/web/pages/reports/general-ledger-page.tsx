import { DayInput } from '../../parts/day-input.tsx';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { LedgerLineWire } from '../../../contract/statement-wire.ts';
import { apiListQuery, call } from '../../api/query.ts';
import { readable } from '../../format/words.ts';
import { formatDay } from '../../format/date.ts';
import { AccountSelect } from '../../parts/account-select.tsx';
import { Amount } from '../../parts/amount.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Day } from '../../parts/date-text.tsx';
import { ExportButton } from '../../parts/export-button.tsx';
import { Name } from '../../parts/name.tsx';
import { Empty, Problem } from '../../parts/note.tsx';
import { Pager } from '../../parts/pager.tsx';
import { useOneEntity } from '../../shell/books-scope.ts';
import { StatementFrame } from './statement-frame.tsx';

function columnsIn(currency: string): readonly Column<LedgerLineWire>[] {
  return [
    {
      key: 'date',
      header: 'Date',
      fit: true,
      text: ({ date }) => date,
      cell: ({ date, description, customer }) => (
        <>
          <Day day={date} />
          <span className="xs-only phone-lines">
            <Name text={customer ?? description} />
          </span>
        </>
      ),
    },
    {
      key: 'kind',
      header: 'Kind',
      fit: true,
      hide: 'md',
      text: ({ kind }) => kind,
      cell: ({ kind }) => readable(kind),
    },
    {
      key: 'document',
      header: 'Document',
      fit: true,
      hide: 'sm',
      text: ({ documentNumber }) => documentNumber ?? '',
      cell: ({ documentId, documentNumber }) =>
        documentId === null ? null : (
          <Link to="/invoices/$documentId" params={{ documentId }}>
            {documentNumber ?? 'Document'}
          </Link>
        ),
    },
    {
      key: 'description',
      header: 'Description',
      hide: 'xs',
      text: ({ description }) => description,
      cell: ({ description, customer }) => (
        <Name text={customer === null ? description : `${customer}: ${description}`} />
      ),
    },
    {
      key: 'foreign',
      header: 'In its currency',
      align: 'end',
      fit: true,
      hide: 'lg',
      text: (line) => (line.currency === currency ? '' : `${line.currency} ${line.amount}`),
      cell: (line) =>
        line.currency === currency ? null : <Amount amount={line.amount} currency={line.currency} />,
    },
    {
      key: 'amount',
      header: `Amount ${currency}`,
      align: 'end',
      fit: true,
      text: ({ baseAmount }) => baseAmount,
      cell: ({ baseAmount }) => <Amount amount={baseAmount} currency={currency} bare />,
    },
    {
      key: 'balance',
      header: `Balance ${currency}`,
      align: 'end',
      fit: true,
      text: ({ balance }) => balance,
      cell: ({ balance }) => <Amount amount={balance} currency={currency} bare />,
    },
  ];
}

/** The account in the address, else the entity's first one that a reader most likely looks for. */
const accountAtFirst = '1200';

export function GeneralLedgerPage() {
  const entity = useOneEntity();
  const search = useSearch({ from: '/app/reports/general-ledger' });
  const navigate = useNavigate({ from: '/reports/general-ledger' });
  const account = search.account ?? accountAtFirst;
  const filters = { entityId: entity?.id, account, from: search.from, to: search.to };
  const ledger = useQuery(apiListQuery('getGeneralLedger', { query: { ...filters, after: search.after } }));
  const { data } = ledger;
  const columns = columnsIn(data?.currency ?? '');
  const change = (changed: Partial<typeof search>): void =>
    void navigate({ search: { ...search, after: undefined, page: undefined, ...changed } });
  return (
    <StatementFrame
      title="General ledger"
      lead={data ? `${data.account.number} ${data.account.name}, up to ${formatDay(data.to)}` : null}
      actions={
        <ExportButton
          fileName={`general-ledger-${account}`}
          columns={columns}
          readPage={(page) => call('getGeneralLedger', { query: { ...filters, ...page } })}
        />
      }
      chooseEntity={(id) => change({ entity: id })}
      choices={
        <>
          <AccountSelect
            label="Account"
            size="sm"
            w={280}
            maw="100%"
            allowDeselect={false}
            entityId={entity?.id}
            value={account}
            change={(value) => change({ account: value ?? undefined })}
          />
          <DayInput label="From" value={search.from} change={(from) => change({ from })} />
          <DayInput label="To" value={search.to ?? data?.to} change={(to) => change({ to })} />
        </>
      }
    >
      <Problem error={ledger.error} />
      {data?.total === 0 ? (
        <Empty title="The account has no lines in that range">
          Its balance is <Amount amount={data.closing} currency={data.currency} />. Choose another account or
          another range.
        </Empty>
      ) : (
        <div className="stack">
          {data ? (
            <p className="soft" style={{ margin: 0 }}>
              Opening balance <Amount amount={data.opening} currency={data.currency} />, closing balance{' '}
              <Amount amount={data.closing} currency={data.currency} />. Credits are negative.
            </p>
          ) : null}
          <DataTable
            label="General ledger"
            columns={columns}
            rows={data?.data}
            rowKey={({ entryId, position }) => `${entryId} ${position}`}
            busy={ledger.isPlaceholderData}
          />
          <Pager listKey={['general-ledger', filters]} list={data} search={search} noun="line" go={change} />
        </div>
      )}
    </StatementFrame>
  );
}
