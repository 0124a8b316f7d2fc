import { Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { z } from 'zod';
import type { trialBalanceLineWire, trialBalanceWire } from '../../../contract/books-wire.ts';
import { apiListQuery } from '../../api/query.ts';
import { isZeroAmount } from '../../format/amount.ts';
import { formatDay } from '../../format/date.ts';
import { accountTypeWords } from '../../format/words.ts';
import { subtractAmounts } from '../../format/sum.ts';
import { Amount } from '../../parts/amount.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { ExportButton } from '../../parts/export-button.tsx';
import { ButtonLink } from '../../parts/link.tsx';
import { Name } from '../../parts/name.tsx';
import { Empty, Note, Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { useEntities, useOneEntity } from '../../shell/books-scope.ts';

type Line = z.infer<typeof trialBalanceLineWire>;

function columnsIn(currency: string): readonly Column<Line>[] {
  const side = (key: 'debit' | 'credit', header: string): Column<Line> => ({
    key,
    header: `${header} ${currency}`,
    align: 'end',
    fit: true,
    text: (line) => line[key],
    cell: (line) => <Amount amount={line[key]} currency={currency} bare hideZero />,
  });
  return [
    {
      key: 'account',
      header: 'Account',
      text: ({ account }) => account,
      fit: true,
      cell: ({ account }) => (
        <Link className="row-link mono" to="/reports/general-ledger" search={{ account }}>
          {account}
        </Link>
      ),
    },
    { key: 'name', header: 'Name', text: ({ name }) => name, cell: ({ name }) => <Name text={name} /> },
    {
      key: 'type',
      header: 'Type',
      hide: 'sm',
      fit: true,
      text: ({ type }) => type,
      cell: ({ type }) => accountTypeWords[type],
    },
    side('debit', 'Debit'),
    side('credit', 'Credit'),
  ];
}

export function TrialBalancePage() {
  const entities = useEntities();
  const entity = useOneEntity();
  const { at } = useSearch({ from: '/app/reports/trial-balance' });
  const navigate = useNavigate({ from: '/reports/trial-balance' });
  const query = { entityId: entity?.id, at };
  const balance = useQuery(apiListQuery('getTrialBalance', { query }));
  const data = balance.data;
  const columns = columnsIn(data?.currency ?? entity?.baseCurrency ?? '');
  return (
    <>
      <PageHeader
        title="Trial balance"
        crumbs={[
          <Link key="reports" to="/reports">
            Planning &amp; Reports › Reports
          </Link>,
        ]}
        lead={data ? `On ${formatDay(data.at)}, in ${data.currency}` : null}
        actions={
          <ExportButton
            fileName={`trial-balance-${data?.at ?? 'today'}`}
            columns={columns}
            readPage={async () => ({ data: data?.data ?? [], next: null })}
          />
        }
      />
      <div className="toolbar" role="search" aria-label="Choose the entity and the day">
        <Select
          label="Entity"
          size="sm"
          w={260}
          maw="100%"
          allowDeselect={false}
          data={entities.map(({ id, name, mode }) => ({
            value: id,
            label: mode === 'test' && !/test/i.test(name) ? `${name} (test)` : name,
          }))}
          value={entity?.id ?? null}
          onChange={(id) => id && void navigate({ search: { at, entity: id } })}
        />
        <TextInput
          label="On"
          type="date"
          size="sm"
          value={at ?? data?.at ?? ''}
          onChange={(event) => void navigate({ search: { at: event.currentTarget.value || undefined } })}
        />
      </div>
      <Problem error={balance.error} />
      {data?.data.length === 0 ? (
        <Empty
          title="Nothing is posted up to that day"
          action={
            <ButtonLink to="/invoices" search={{ status: 'draft' }} variant="default">
              See the drafts
            </ButtonLink>
          }
        >
          Accounts appear here with their balance once an invoice is posted.
        </Empty>
      ) : (
        <div className="stack">
          {data ? <BalanceNote balance={data} /> : null}
          <DataTable
            label="Trial balance"
            columns={columns}
            rows={data?.data}
            rowKey={({ account }) => account}
            busy={balance.isPlaceholderData}
            foot={data ? <TotalsRow balance={data} /> : null}
          />
        </div>
      )}
    </>
  );
}

type Balance = z.infer<typeof trialBalanceWire>;

function TotalsRow({ balance }: { readonly balance: Balance }) {
  return (
    <tr>
      <th scope="row">Total</th>
      <td />
      <td className="hide-sm" />
      <td className="end">
        <Amount amount={balance.totalDebit} currency={balance.currency} bare />
      </td>
      <td className="end">
        <Amount amount={balance.totalCredit} currency={balance.currency} bare />
      </td>
    </tr>
  );
}

function BalanceNote({ balance }: { readonly balance: Balance }) {
  const difference = subtractAmounts(balance.totalDebit, balance.totalCredit);
  if (isZeroAmount(difference)) {
    return (
      <Note tone="good" title="It balances">
        Debit and credit are both{' '}
        <strong>
          <Amount amount={balance.totalDebit} currency={balance.currency} />
        </strong>
        .
      </Note>
    );
  }
  return (
    <Note tone="bad" title="It does not balance">
      Debit less credit is <Amount amount={difference} currency={balance.currency} />. The books are wrong:
      tell whoever runs Tributary before anything else is posted.
    </Note>
  );
}
