import { DayInput } from '../../parts/day-input.tsx';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { z } from 'zod';
import type { balanceSheetWire } from '../../../contract/statement-wire.ts';
import { apiListQuery } from '../../api/query.ts';
import { isZeroAmount } from '../../format/amount.ts';
import { formatDay } from '../../format/date.ts';
import { subtractAmounts } from '../../format/sum.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { ExportButton } from '../../parts/export-button.tsx';
import { Problem } from '../../parts/note.tsx';
import { useOneEntity } from '../../shell/books-scope.ts';
import { Balances, DoesNotBalance } from './balance-note.tsx';
import { NothingPosted } from './nothing-posted.tsx';
import { StatementFrame } from './statement-frame.tsx';
import { accountRows, type StatementRow, statementColumns, sumRow, workedOutRow } from './statement-rows.tsx';

type Sheet = z.infer<typeof balanceSheetWire>;

export function BalanceSheetPage() {
  const entity = useOneEntity();
  const search = useSearch({ from: '/app/reports/balance-sheet' });
  const navigate = useNavigate({ from: '/reports/balance-sheet' });
  const query = { entityId: entity?.id, at: search.at, compareAt: search.compare };
  const sheet = useQuery(apiListQuery('getBalanceSheet', { query }));
  const { data } = sheet;
  const change = (changed: Partial<typeof search>): void =>
    void navigate({ search: { ...search, ...changed } });
  const columns = statementColumns(
    (data?.columns ?? []).map((to) => ({ header: formatDay(to), to })),
    data?.currency ?? '',
  );
  const isEmpty = data && data.assets.length + data.liabilities.length + data.equity.length === 0;
  return (
    <StatementFrame
      title="Balance sheet"
      lead={data ? `On ${formatDay(data.columns[0] ?? '')}, in ${data.currency}` : null}
      actions={
        <ExportButton
          fileName={`balance-sheet-${data?.columns[0] ?? 'today'}`}
          columns={columns}
          readPage={async () => ({ data: data ? rowsOf(data) : [], next: null })}
        />
      }
      chooseEntity={(id) => change({ entity: id })}
      choices={
        <>
          <DayInput label="On" value={search.at ?? data?.columns[0]} change={(at) => change({ at })} />
          <DayInput label="Beside" value={search.compare} change={(compare) => change({ compare })} />
        </>
      }
    >
      <Problem error={sheet.error} />
      {isEmpty ? (
        <NothingPosted />
      ) : (
        <div className="stack">
          {data ? <BalanceNote sheet={data} /> : null}
          <DataTable
            label="Balance sheet"
            columns={columns}
            rows={data ? rowsOf(data) : undefined}
            rowKey={({ key }) => key}
            busy={sheet.isPlaceholderData}
          />
        </div>
      )}
    </StatementFrame>
  );
}

function BalanceNote({ sheet }: { readonly sheet: Sheet }) {
  const balances = sheet.assetsTotal.every((assets, index) =>
    isZeroAmount(
      subtractAmounts(
        subtractAmounts(assets, sheet.liabilitiesTotal[index] ?? '0'),
        sheet.equityTotal[index] ?? '0',
      ),
    ),
  );
  return balances ? (
    <Balances>Assets are liabilities and equity.</Balances>
  ) : (
    <DoesNotBalance>Assets are not liabilities and equity.</DoesNotBalance>
  );
}

function rowsOf(sheet: Sheet): StatementRow[] {
  const hasEarlier = sheet.earlierResult.some((amount) => !isZeroAmount(amount));
  return [
    ...accountRows(sheet.assets),
    sumRow('Assets', sheet.assetsTotal),
    ...accountRows(sheet.liabilities),
    sumRow('Liabilities', sheet.liabilitiesTotal),
    ...accountRows(sheet.equity),
    ...(hasEarlier ? [workedOutRow('Result of earlier years, not closed yet', sheet.earlierResult)] : []),
    workedOutRow('Result of the year to date', sheet.currentResult),
    sumRow('Equity', sheet.equityTotal),
  ];
}
