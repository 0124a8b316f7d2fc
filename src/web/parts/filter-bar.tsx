import type { LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { DayInput } from './day-input.tsx';
import { ButtonLink } from './link.tsx';
import { Empty } from './note.tsx';

interface FilterBarProps {
  /** Said to screen readers, such as "Filter the invoices". */
  readonly label: string;
  readonly hasFilter: boolean;
  /** The list without filters. */
  readonly list: NonNullable<LinkProps['to']>;
  readonly children: ReactNode;
}

/** The filters above a list, and the way out of them. */
export function FilterBar({ label, hasFilter, list, children }: FilterBarProps) {
  return (
    <div className="toolbar" role="search" aria-label={label}>
      {children}
      {hasFilter ? (
        <ButtonLink to={list} search={{}} variant="subtle" size="sm">
          Clear the filters
        </ButtonLink>
      ) : null}
    </div>
  );
}

interface DayRange {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

interface DayRangeFilterProps {
  readonly search: DayRange;
  readonly filter: (change: DayRange) => void;
  /** Whose days they are, where that is not the reader's: "UTC". */
  readonly zone?: string;
}

export function DayRangeFilter({ search, filter, zone }: DayRangeFilterProps) {
  const suffix = zone === undefined ? '' : ` (${zone})`;
  return (
    <>
      <DayInput label={`From${suffix}`} value={search.from} change={(from) => filter({ from })} />
      <DayInput label={`To${suffix}`} value={search.to} change={(to) => filter({ to })} />
    </>
  );
}

interface EmptyListProps {
  readonly hasFilter: boolean;
  readonly list: NonNullable<LinkProps['to']>;
  /** Of the list that no row passes the filters of, such as "No invoice passes these filters". */
  readonly filteredTitle: string;
  /** Of the list that has nothing at all. */
  readonly title: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** Why a list shows nothing: its filters, with the way out of them, or there is nothing yet. */
export function EmptyList({ hasFilter, list, filteredTitle, title, action, children }: EmptyListProps) {
  if (!hasFilter)
    return (
      <Empty title={title} action={action}>
        {children}
      </Empty>
    );
  return (
    <Empty
      title={filteredTitle}
      action={
        <ButtonLink to={list} search={{}} variant="default">
          Clear the filters
        </ButtonLink>
      }
    >
      Take a filter away to see more.
    </Empty>
  );
}
