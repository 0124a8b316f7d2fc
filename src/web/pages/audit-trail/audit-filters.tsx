import { Select } from '@mantine/core';
import { readable } from '../../format/words.ts';
import { DayRangeFilter, FilterBar } from '../../parts/filter-bar.tsx';
import { FilterText } from '../../parts/filter-text.tsx';

/** What the trail is mostly asked for; one of another kind comes by a link and is then among the choices. */
const subjectTypes = [
  'document',
  'journal_entry',
  'customer',
  'account',
  'connection',
  'run',
  'user',
  'api_key',
];

export interface AuditSearch {
  readonly who?: string | undefined;
  readonly what?: string | undefined;
  readonly subject?: string | undefined;
  readonly id?: string | undefined;
  readonly connection?: string | undefined;
  readonly run?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

interface AuditFiltersProps {
  readonly search: AuditSearch;
  readonly filter: (change: AuditSearch) => void;
  readonly isFiltered: boolean;
}

export function AuditFilters({ search, filter, isFiltered }: AuditFiltersProps) {
  const choices = search.subject && !subjectTypes.includes(search.subject) ? [search.subject] : [];
  return (
    <FilterBar label="Filter the audit trail" hasFilter={isFiltered} list="/settings/audit-trail">
      <FilterText
        label="Who or what"
        placeholder="Name, e-mail, sync"
        value={search.who}
        change={(who) => filter({ who })}
      />
      <FilterText
        label="Action"
        placeholder="Document posted"
        value={search.what}
        change={(what) => filter({ what })}
      />
      <Select
        label="Of"
        size="sm"
        w={170}
        clearable
        clearButtonProps={{ 'aria-label': 'Of everything' }}
        placeholder="Everything"
        data={[...subjectTypes, ...choices].map((value) => ({ value, label: readable(value) }))}
        value={search.subject ?? null}
        onChange={(subject) => filter({ subject: subject ?? undefined, id: undefined })}
      />
      <FilterText label="Its id" placeholder="Whole id" value={search.id} change={(id) => filter({ id })} />
      <FilterText
        label="Run"
        placeholder="Id of a run"
        value={search.run}
        change={(run) => filter({ run })}
      />
      <DayRangeFilter search={search} filter={filter} zone="UTC" />
    </FilterBar>
  );
}
