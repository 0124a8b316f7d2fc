import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { apiListQuery, apiQuery, call } from '../../api/query.ts';
import { AccountSelect } from '../../parts/account-select.tsx';
import { ExportButton } from '../../parts/export-button.tsx';
import { DayRangeFilter, EmptyList, FilterBar } from '../../parts/filter-bar.tsx';
import { ButtonLink } from '../../parts/link.tsx';
import { Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Pager } from '../../parts/pager.tsx';
import { useColumns } from '../../parts/use-columns.tsx';
import { useBooksScope, useOneEntity } from '../../shell/books-scope.ts';
import { useCan } from '../../shell/session.ts';
import { journalColumns, JournalTable, type JournalLine, reverseColumn } from './journal-table.tsx';
import { ReverseEntry } from './reverse-entry.tsx';

export function JournalPage() {
  const scope = useBooksScope();
  const entity = useOneEntity();
  const search = useSearch({ from: '/app/journal' });
  const navigate = useNavigate({ from: '/journal' });
  const columnChoice = useColumns('journal', journalColumns);
  const mayPost = useCan('post');
  const [reversing, setReversing] = useState<JournalLine | null>(null);
  const filters = {
    mode: scope.mode,
    entityId: scope.entityId,
    documentId: search.document,
    account: search.account,
    from: search.from,
    to: search.to,
  };
  const lines = useQuery(apiListQuery('listJournal', { query: { ...filters, after: search.after } }));
  const document = useQuery({
    ...apiQuery('getDocument', { params: { id: search.document ?? '' } }),
    enabled: search.document !== undefined,
  });
  const filter = (change: Partial<typeof search>): void => {
    void navigate({ search: (old) => ({ ...old, after: undefined, page: undefined, ...change }) });
  };
  const hasFilter = [search.document, search.account, search.from, search.to].some(Boolean);
  return (
    <>
      <PageHeader
        title="Journal"
        lead="Every entry balances and is never changed; a correction is an entry that reverses it."
        actions={
          <>
            {columnChoice.menu}
            <ExportButton
              fileName="journal"
              columns={journalColumns}
              readPage={(page) => call('listJournal', { query: { ...filters, ...page } })}
            />
          </>
        }
      />
      <FilterBar label="Filter the journal" hasFilter={hasFilter} list="/journal">
        <AccountSelect
          label="Account"
          size="sm"
          w={280}
          maw="100%"
          clearable
          clearButtonProps={{ 'aria-label': 'Any account' }}
          placeholder="Any"
          entityId={entity?.id}
          value={search.account ?? null}
          change={(account) => filter({ account: account ?? undefined })}
        />
        <DayRangeFilter search={search} filter={filter} />
        {search.document ? (
          <Button variant="light" size="sm" onClick={() => filter({ document: undefined })}>
            Document: {document.data?.number ?? document.data?.description ?? '…'}&nbsp;✕
          </Button>
        ) : null}
      </FilterBar>
      <Problem error={lines.error} />
      {lines.data?.data.length === 0 ? (
        <EmptyList
          hasFilter={hasFilter}
          list="/journal"
          filteredTitle="No journal line passes these filters"
          title="The journal is empty"
          action={
            <ButtonLink to="/invoices" search={{ status: 'draft' }} variant="default">
              See the drafts
            </ButtonLink>
          }
        >
          Posting an invoice writes its entry here.
        </EmptyList>
      ) : (
        <>
          <JournalTable
            columns={mayPost ? [...columnChoice.shown, reverseColumn(setReversing)] : columnChoice.shown}
            lines={lines.data?.data}
            busy={lines.isPlaceholderData}
          />
          <Pager listKey={['journal', filters]} list={lines.data} search={search} noun="line" go={filter} />
        </>
      )}
      {reversing ? (
        <ReverseEntry key={reversing.entryId} line={reversing} close={() => setReversing(null)} />
      ) : null}
    </>
  );
}
