import { Button, Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { FiscalYearWire } from '../../../contract/fiscal-wire.ts';
import { useApiMutation } from '../../api/query.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Day } from '../../parts/date-text.tsx';
import { Name } from '../../parts/name.tsx';
import { Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Status } from '../../parts/status.tsx';
import { useOneEntity } from '../../shell/books-scope.ts';
import { useCan } from '../../shell/session.ts';
import { changedByPeriods, fiscalYearsQuery, statusCounts } from './fiscal-years.ts';

const columns: readonly Column<FiscalYearWire>[] = [
  {
    key: 'name',
    header: 'Fiscal year',
    fit: true,
    cell: ({ id, name }) => (
      <Link className="row-link" to="/settings/periods/$yearId" params={{ yearId: id }}>
        {name}
      </Link>
    ),
  },
  {
    key: 'days',
    header: 'From – to',
    hide: 'sm',
    fit: true,
    cell: ({ startDate, endDate }) => (
      <>
        <Day day={startDate} /> – <Day day={endDate} />
      </>
    ),
  },
  { key: 'periods', header: 'Periods', cell: ({ periods }) => statusCounts(periods) },
  { key: 'close', header: 'Year-end close', fit: true, cell: (year) => <YearStatus year={year} /> },
];

/** Closed, not closed, or closed with entries that have come since. */
export function YearStatus({ year }: { readonly year: FiscalYearWire }) {
  if (year.closedAt === null) return <Status status="not_closed" />;
  return <Status status={year.hasUnclosedResult ? 'close_again' : 'closed'} />;
}

export function PeriodsPage() {
  const entity = useOneEntity();
  const canChange = useCan('configure');
  const years = useQuery(fiscalYearsQuery(entity?.id));
  const add = useApiMutation('addFiscalYear', { changes: changedByPeriods });
  const addYear = (which: 'earlier' | 'later'): void => {
    if (entity) add.mutate({ body: { entityId: entity.id, which } });
  };
  return (
    <>
      <PageHeader
        title="Periods"
        crumbs={['Settings']}
        lead={
          entity ? (
            <>
              Fiscal years of <Name text={entity.name} whole />. A closed month takes adjusting entries only,
              a locked one none. The year after the last one is added when something is dated in it.
            </>
          ) : null
        }
        actions={
          canChange && entity ? (
            <Menu position="bottom-end">
              <Menu.Target>
                <Button loading={add.isPending}>Add a fiscal year</Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item onClick={() => addYear('earlier')}>Before the first one</Menu.Item>
                <Menu.Item onClick={() => addYear('later')}>After the last one</Menu.Item>
              </Menu.Dropdown>
            </Menu>
          ) : null
        }
      />
      <div className="stack">
        <Problem error={years.error} />
        <Problem error={add.error} title="The year was not added." />
        {years.error ? null : (
          <DataTable
            label="Fiscal years"
            columns={columns}
            rows={years.data?.data}
            rowKey={({ id }) => id}
            linked
          />
        )}
      </div>
    </>
  );
}
