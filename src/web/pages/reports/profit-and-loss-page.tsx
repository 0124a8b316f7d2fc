import { DayInput } from '../../parts/day-input.tsx';
import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { z } from 'zod';
import { profitAndLossColumns, type profitAndLossWire } from '../../../contract/statement-wire.ts';
import { apiListQuery } from '../../api/query.ts';
import { formatDay } from '../../format/date.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { ExportButton } from '../../parts/export-button.tsx';
import { Problem } from '../../parts/note.tsx';
import { oneOf } from '../../parts/search-params.ts';
import { useOneEntity } from '../../shell/books-scope.ts';
import { NothingPosted } from './nothing-posted.tsx';
import { StatementFrame } from './statement-frame.tsx';
import { accountRows, type StatementRow, statementColumns, sumRow } from './statement-rows.tsx';

const columnWords = {
  total: 'The whole range',
  months: 'Month by month',
  previous_period: 'Beside the period before',
  previous_year: 'Beside the year before',
};

export function ProfitAndLossPage() {
  const entity = useOneEntity();
  const search = useSearch({ from: '/app/reports/profit-and-loss' });
  const navigate = useNavigate({ from: '/reports/profit-and-loss' });
  const columns = oneOf(profitAndLossColumns, search.columns) ?? 'total';
  const query = { entityId: entity?.id, from: search.from, to: search.to, columns };
  const statement = useQuery(apiListQuery('getProfitAndLoss', { query }));
  const { data } = statement;
  const range = data?.columns[0];
  const lastDay = columns === 'months' ? data?.columns.at(-1)?.to : range?.to;
  const change = (changed: Partial<typeof search>): void =>
    void navigate({ search: { ...search, ...changed } });
  const tableColumns = statementColumns(
    (data?.columns ?? []).map(({ from, to }) => ({ header: headerOf(from, to), from, to })),
    data?.currency ?? '',
  );
  return (
    <StatementFrame
      title="Profit and loss"
      lead={
        data && range && lastDay
          ? `${formatDay(range.from)} to ${formatDay(lastDay)}, in ${data.currency}`
          : null
      }
      actions={
        <ExportButton
          fileName={`profit-and-loss-${lastDay ?? 'today'}`}
          columns={tableColumns}
          readPage={async () => ({ data: data ? rowsOf(data) : [], next: null })}
        />
      }
      chooseEntity={(id) => change({ entity: id })}
      choices={
        <>
          <DayInput label="From" value={search.from ?? range?.from} change={(from) => change({ from })} />
          <DayInput label="To" value={search.to ?? lastDay} change={(to) => change({ to })} />
          <Select
            label="Columns"
            size="sm"
            w={230}
            allowDeselect={false}
            data={profitAndLossColumns.map((value) => ({ value, label: columnWords[value] }))}
            value={columns}
            onChange={(value) => change({ columns: value ?? undefined })}
          />
        </>
      }
    >
      <Problem error={statement.error} />
      {data && data.income.length + data.expense.length === 0 ? (
        <NothingPosted title="There is neither income nor expense in that range">
          Invoices appear here on their date once they are posted. Choose another range to see another time.
        </NothingPosted>
      ) : (
        <DataTable
          label="Profit and loss"
          columns={tableColumns}
          rows={data ? rowsOf(data) : undefined}
          rowKey={({ key }) => key}
          busy={statement.isPlaceholderData}
        />
      )}
    </StatementFrame>
  );
}

function headerOf(from: string, to: string): string {
  return `${formatDay(from)} – ${formatDay(to)}`;
}

function rowsOf(statement: z.infer<typeof profitAndLossWire>): StatementRow[] {
  return [
    ...accountRows(statement.income),
    sumRow('Income', statement.incomeTotal),
    ...accountRows(statement.expense),
    sumRow('Expense', statement.expenseTotal),
    sumRow('Result', statement.result),
  ];
}
