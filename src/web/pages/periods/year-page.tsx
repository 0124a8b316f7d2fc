import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { FiscalPeriodWire, FiscalYearWire } from '../../../contract/fiscal-wire.ts';
import { apiQuery } from '../../api/query.ts';
import { formatDay } from '../../format/date.ts';
import { actorWords } from '../../format/words.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Day, InstantText } from '../../parts/date-text.tsx';
import { ButtonLink } from '../../parts/link.tsx';
import { Name } from '../../parts/name.tsx';
import { Note, Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { LinesPlaceholder } from '../../parts/placeholder.tsx';
import { Status } from '../../parts/status.tsx';
import { useEntities } from '../../shell/books-scope.ts';
import { useCan } from '../../shell/session.ts';
import { ChangePeriod } from './change-period.tsx';
import { fiscalYearsQuery, type PeriodStatus, periodVerbs } from './fiscal-years.ts';
import { YearStatus } from './periods-page.tsx';
import { ReopenYear } from './reopen-year.tsx';

const columns: readonly Column<FiscalPeriodWire>[] = [
  { key: 'name', header: 'Period', fit: true, cell: ({ name }) => name },
  {
    key: 'days',
    header: 'From – to',
    hide: 'md',
    fit: true,
    cell: ({ startDate, endDate }) => (
      <>
        <Day day={startDate} /> – <Day day={endDate} />
      </>
    ),
  },
  { key: 'status', header: 'Status', fit: true, cell: ({ status }) => <Status status={status} /> },
  {
    key: 'why',
    header: 'Set by',
    hide: 'sm',
    cell: ({ statusAt, statusBy, statusReason }) =>
      statusAt === null ? null : (
        <>
          <Name text={statusReason ?? ''} />
          <div className="soft small">
            <Name text={actorWords(statusBy ?? '')} />, <InstantText instant={statusAt} />
          </div>
        </>
      ),
  },
];

export function YearPage() {
  const { yearId } = useParams({ from: '/app/settings/periods/$yearId' });
  const query = useQuery(apiQuery('getFiscalYear', { params: { id: yearId } }));
  const year = query.data;
  const years = useQuery({ ...fiscalYearsQuery(year?.entityId), enabled: year !== undefined }).data?.data;
  const entity = useEntities().find(({ id }) => id === year?.entityId);
  const canChange = useCan('configure');
  return (
    <>
      <PageHeader
        title={year ? `Fiscal year ${year.name}` : query.isPending ? null : 'Fiscal year'}
        heading={
          year ? (
            <>
              Fiscal year {year.name} <YearStatus year={year} />
            </>
          ) : undefined
        }
        crumbs={[
          'Settings',
          <Link key="list" to="/settings/periods">
            Periods
          </Link>,
        ]}
        lead={
          year ? (
            <>
              {formatDay(year.startDate)} – {formatDay(year.endDate)},{' '}
              <Name text={entity?.name ?? ''} whole />
            </>
          ) : null
        }
        actions={year && canChange ? <YearActions year={year} /> : null}
      />
      <div className="stack">
        <Problem error={query.error} />
        {query.isPending ? <LinesPlaceholder lines={12} /> : null}
        {year ? <YearCloseNote year={year} /> : null}
        {year ? (
          <PeriodTable year={year} years={years ?? [year]} canChange={canChange && years !== undefined} />
        ) : null}
      </div>
    </>
  );
}

function YearActions({ year }: { readonly year: FiscalYearWire }) {
  return (
    <>
      {year.closedAt === null ? null : <ReopenYear year={year} />}
      {year.closedAt === null || year.hasUnclosedResult ? (
        <ButtonLink to="/settings/periods/$yearId/close" params={{ yearId: year.id }}>
          {year.closedAt === null ? 'Close the year' : 'Close again'}
        </ButtonLink>
      ) : null}
    </>
  );
}

function YearCloseNote({ year }: { readonly year: FiscalYearWire }) {
  if (year.closedAt === null) return null;
  return (
    <Note
      tone={year.hasUnclosedResult ? 'warn' : 'good'}
      title={year.hasUnclosedResult ? 'Entries have come since the year was closed' : 'The year is closed'}
    >
      By <Name text={actorWords(year.closedBy ?? '')} whole />, <InstantText instant={year.closedAt} />:{' '}
      <Name text={year.closeReason ?? ''} whole />.
      {year.hasUnclosedResult ? ' Closing it again writes the difference.' : null}
    </Note>
  );
}

interface PeriodTableProps {
  readonly year: FiscalYearWire;
  readonly years: readonly FiscalYearWire[];
  readonly canChange: boolean;
}

const waysFrom: Readonly<Record<PeriodStatus, readonly PeriodStatus[]>> = {
  open: ['closed', 'locked'],
  closed: ['open', 'locked'],
  locked: ['open', 'closed'],
};

function PeriodTable({ year, years, canChange }: PeriodTableProps) {
  const [change, setChange] = useState<{ period: FiscalPeriodWire; status: PeriodStatus } | null>(null);
  const actions: Column<FiscalPeriodWire> = {
    key: 'actions',
    header: 'Change',
    fit: true,
    cell: (period) => (
      <div className="row" style={{ flexWrap: 'nowrap' }}>
        {waysFrom[period.status].map((status) => (
          <Button
            key={status}
            variant="default"
            size="compact-sm"
            aria-label={`${periodVerbs[status]} ${period.name}`}
            onClick={() => setChange({ period, status })}
          >
            {periodVerbs[status]}
          </Button>
        ))}
      </div>
    ),
  };
  return (
    <>
      <DataTable
        label={`Periods of ${year.name}`}
        columns={canChange ? [...columns, actions] : columns}
        rows={year.periods}
        rowKey={({ id }) => id}
      />
      {change ? (
        <ChangePeriod
          key={`${change.period.id} ${change.status}`}
          period={change.period}
          status={change.status}
          years={years}
          close={() => setChange(null)}
        />
      ) : null}
    </>
  );
}
