import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { z } from 'zod';
import type { trialBalanceLineWire, trialBalanceWire } from '../../../contract/books-wire.ts';
import { apiListQuery } from '../../api/query.ts';
import { isZeroAmount } from '../../format/amount.ts';
import { formatDay } from '../../format/date.ts';
import { accountTypeWords } from '../../format/words.ts';
import { subtractAmounts } from '../../format/sum.ts';
import { Amount } from '../../parts/amount.tsx';
import { DayInput } from '../../parts/day-input.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { ExportButton } from '../../parts/export-button.tsx';
import { Problem } from '../../parts/note.tsx';
import { useOneEntity } from '../../shell/books-scope.ts';
import { accountColumns } from './account-columns.tsx';
import { Balances, DoesNotBalance } from './balance-note.tsx';
import { NothingPosted } from './nothing-posted.tsx';
import { StatementFrame } from './statement-frame.tsx';

type Line = z.infer<typeof trialBalanceLineWire>;

function columnsIn(currency: string, at: string | undefined): readonly Column<Line>[] {
  const side = (key: 'debit' | 'credit', header: string): Column<Line> => ({
    key,
    header: `${header} ${currency}`,
    align: 'end',
    fit: true,
    text: (line) => line[key],
    cell: (line) => <Amount amount={line[key]} currency={currency} bare hideZero />,
  });
  return [
    ...accountColumns<Line>({ to: at }),
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
  const entity = useOneEntity();
  const search = useSearch({ from: '/app/reports/trial-balance' });
  const navigate = useNavigate({ from: '/reports/trial-balance' });
  const query = { entityId: entity?.id, at: search.at };
  const balance = useQuery(apiListQuery('getTrialBalance', { query }));
  const { data } = balance;
  const columns = columnsIn(data?.currency ?? entity?.baseCurrency ?? '', search.at);
  const change = (changed: Partial<typeof search>): void =>
    void navigate({ search: { ...search, ...changed } });
  return (
    <StatementFrame
      title="Trial balance"
      lead={data ? `On ${formatDay(data.at)}, in ${data.currency}` : null}
      actions={
        <ExportButton
          fileName={`trial-balance-${data?.at ?? 'today'}`}
          columns={columns}
          readPage={async () => ({ data: data?.data ?? [], next: null })}
        />
      }
      chooseEntity={(id) => change({ entity: id })}
      choices={<DayInput label="On" value={search.at ?? data?.at} change={(at) => change({ at })} />}
    >
      <Problem error={balance.error} />
      {data?.data.length === 0 ? (
        <NothingPosted />
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
    </StatementFrame>
  );
}

type Balance = z.infer<typeof trialBalanceWire>;

function TotalsRow({ balance }: { readonly balance: Balance }) {
  return (
    <tr>
      <td className="hide-xs" />
      <th scope="row">Total</th>
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
      <Balances>
        Debit and credit are both{' '}
        <strong>
          <Amount amount={balance.totalDebit} currency={balance.currency} />
        </strong>
        .
      </Balances>
    );
  }
  return (
    <DoesNotBalance>
      Debit less credit is <Amount amount={difference} currency={balance.currency} />.
    </DoesNotBalance>
  );
}
