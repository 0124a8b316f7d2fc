import { Button, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import type { exchangeRateWire } from '../../../contract/books-wire.ts';
import { currencyCodes } from '../../../kernel/currencies.ts';
import { apiListQuery, useApiMutation } from '../../api/query.ts';
import { Quantity } from '../../parts/amount.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Day } from '../../parts/date-text.tsx';
import { Problem } from '../../parts/note.tsx';
import { DayRangeFilter, EmptyList, FilterBar } from '../../parts/filter-bar.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Pager } from '../../parts/pager.tsx';
import { ImportRates } from './import-rates.tsx';
import { useOneEntity } from '../../shell/books-scope.ts';
import { useCan } from '../../shell/session.ts';

type Rate = z.infer<typeof exchangeRateWire>;

const columns: readonly Column<Rate>[] = [
  { key: 'date', header: 'From', fit: true, cell: ({ date }) => <Day day={date} /> },
  { key: 'currency', header: 'Currency', cell: ({ currency }) => currency },
  { key: 'source', header: 'Source', hide: 'sm', cell: ({ source }) => source },
  { key: 'rate', header: 'Rate', align: 'end', fit: true, cell: ({ rate }) => <Quantity value={rate} /> },
];

export function ExchangeRatesPage() {
  const entity = useOneEntity();
  const canChange = useCan('configure');
  const search = useSearch({ from: '/app/settings/exchange-rates' });
  const navigate = useNavigate({ from: '/settings/exchange-rates' });
  const filters = { entityId: entity?.id, currency: search.currency, from: search.from, to: search.to };
  const rates = useQuery(apiListQuery('listExchangeRates', { query: { ...filters, after: search.after } }));
  const filter = (change: Partial<typeof search>): void => {
    void navigate({ search: (old) => ({ ...old, after: undefined, page: undefined, ...change }) });
  };
  const hasFilter = [search.currency, search.from, search.to].some(Boolean);
  return (
    <>
      <PageHeader
        title="Exchange rates"
        crumbs={['Settings']}
        lead={`How many ${entity?.baseCurrency ?? 'units of base currency'} one unit is worth. Posting an invoice takes the newest rate on or before its date.`}
      />
      <div className="stack">
        {canChange && entity ? <RateForm entityId={entity.id} baseCurrency={entity.baseCurrency} /> : null}
        {canChange && entity ? (
          <ImportRates key={entity.id} entityId={entity.id} baseCurrency={entity.baseCurrency} />
        ) : null}
        <FilterBar label="Filter the rates" hasFilter={hasFilter} list="/settings/exchange-rates">
          <Select
            label="Currency"
            size="sm"
            w={130}
            searchable
            clearable
            clearButtonProps={{ 'aria-label': 'Any currency' }}
            placeholder="Any"
            data={currencyCodes.filter((code) => code !== entity?.baseCurrency)}
            value={search.currency ?? null}
            onChange={(currency) => filter({ currency: currency ?? undefined })}
          />
          <DayRangeFilter search={search} filter={filter} />
        </FilterBar>
        <Problem error={rates.error} />
        {rates.data?.data.length === 0 ? (
          <EmptyList
            hasFilter={hasFilter}
            list="/settings/exchange-rates"
            filteredTitle="No rate passes these filters"
            title="No exchange rates yet"
          >
            Drafts in another currency can be made without one; posting them needs it.
          </EmptyList>
        ) : (
          <>
            <DataTable
              label="Exchange rates"
              columns={columns}
              rows={rates.data?.data}
              rowKey={({ currency, date }) => `${currency} ${date}`}
              busy={rates.isPlaceholderData}
            />
            <Pager listKey={['rates', filters]} list={rates.data} search={search} noun="rate" go={filter} />
          </>
        )}
      </div>
    </>
  );
}

interface RateFormProps {
  readonly entityId: string;
  readonly baseCurrency: string;
}

function RateForm({ entityId, baseCurrency }: RateFormProps) {
  const [currency, setCurrency] = useState<string | null>(null);
  const [date, setDate] = useState('');
  const [rate, setRate] = useState('');
  const save = useApiMutation('setExchangeRate', {
    changes: ['listExchangeRates'],
    onDone: () => setRate(''),
  });
  return (
    <form
      className="card stack-tight"
      aria-label="Set a rate"
      onSubmit={(event) => {
        event.preventDefault();
        if (currency) save.mutate({ body: { entityId, currency, date, rate: rate.trim() } });
      }}
    >
      <Problem error={save.error} title="The rate was not set." />
      <div className="row row-end">
        <Select
          label="Currency"
          searchable
          required
          w={130}
          data={currencyCodes.filter((code) => code !== baseCurrency)}
          value={currency}
          onChange={setCurrency}
        />
        <TextInput
          label="From"
          type="date"
          required
          value={date}
          onChange={(event) => setDate(event.currentTarget.value)}
        />
        <TextInput
          label={`${baseCurrency} for one ${currency ?? 'unit'}`}
          required
          inputMode="decimal"
          pattern="\d+(\.\d+)?"
          title="A number such as 1.0825"
          placeholder="1.0825"
          value={rate}
          onChange={(event) => setRate(event.currentTarget.value)}
        />
        <Button type="submit" loading={save.isPending} disabled={currency === null}>
          Set rate
        </Button>
      </div>
    </form>
  );
}
