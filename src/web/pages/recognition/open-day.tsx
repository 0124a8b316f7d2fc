import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { formatDay } from '../../format/date.ts';
import { ButtonLink } from '../../parts/link.tsx';
import { Note } from '../../parts/note.tsx';
import { fiscalYearsQuery, periodOfDay, periodsOf } from '../periods/fiscal-years.ts';

interface OpenDayProps {
  readonly entityId: string | undefined;
  /** The day that the entries would have. */
  readonly day: string;
  readonly choose: (day: string) => void;
}

/** Where the day lies in a closed period: says so, and offers the first day of the next open one. Elsewhere nothing. */
export function OpenDay({ entityId, day, choose }: OpenDayProps) {
  const years = useQuery(fiscalYearsQuery(entityId)).data?.data;
  if (!years) return null;
  const period = periodOfDay(years, day);
  if (!period || period.status === 'open') return null;
  const next = periodsOf(years).find(({ status, startDate }) => status === 'open' && startDate > day);
  return (
    <Note
      tone="warn"
      live
      title={`${period.name} is ${period.status}`}
      action={
        next ? (
          <Button size="sm" variant="default" onClick={() => choose(next.startDate)}>
            Use {formatDay(next.startDate)}
          </Button>
        ) : (
          <ButtonLink to="/settings/periods" variant="default" size="sm">
            Periods
          </ButtonLink>
        )
      }
    >
      {next
        ? `Nothing can be posted in it. Dated ${formatDay(next.startDate)}, it falls into ${next.name}, which is open.`
        : 'Nothing can be posted in it. Open it, or add the next fiscal year.'}
    </Note>
  );
}
