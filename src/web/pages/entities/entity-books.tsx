import { Button, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { currencyCodes } from '../../../kernel/currencies.ts';
import { useApiMutation } from '../../api/query.ts';
import { Note, Problem } from '../../parts/note.tsx';
import type { EntityCardProps } from './entity-card.ts';
import { FiscalStartInput } from './fiscal-start-input.tsx';

/** How its books are kept; what is in use already stands fast. */
export function EntityBooks({ entity, canChange }: EntityCardProps) {
  const [baseCurrency, setBaseCurrency] = useState(entity.baseCurrency);
  const [timeZone, setTimeZone] = useState(entity.timeZone);
  const [terms, setTerms] = useState(String(entity.termsDays));
  const [fiscalStart, setFiscalStart] = useState(entity.fiscalYearStart);
  const update = useApiMutation('updateEntity', {
    changes: ['getEntity', 'listEntities', 'listFiscalYears'],
  });
  const { canChange: free } = entity;
  return (
    <form
      className="card stack"
      aria-labelledby="books"
      onSubmit={(event) => {
        event.preventDefault();
        update.mutate({
          params: { id: entity.id },
          body: {
            timeZone,
            termsDays: Number(terms),
            ...(free.baseCurrency ? { baseCurrency } : {}),
            ...(free.fiscalYearStart ? { fiscalYearStart: fiscalStart } : {}),
          },
        });
      }}
    >
      <h2 id="books" style={{ margin: 0 }}>
        Its books
      </h2>
      <Select
        label="Base currency"
        description={free.baseCurrency ? null : 'It stays: something is in the books already.'}
        disabled={!canChange || !free.baseCurrency}
        searchable
        allowDeselect={false}
        data={[...currencyCodes]}
        value={baseCurrency}
        onChange={(value) => setBaseCurrency(value ?? baseCurrency)}
      />
      <FiscalStartInput
        value={fiscalStart}
        change={setFiscalStart}
        disabled={!canChange || !free.fiscalYearStart}
      />
      <Select
        label="Time zone"
        disabled={!canChange}
        searchable
        allowDeselect={false}
        limit={50}
        data={['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')]}
        value={timeZone}
        onChange={(value) => setTimeZone(value ?? timeZone)}
      />
      <TextInput
        label="Terms: days from the document’s date to its due date"
        disabled={!canChange}
        required
        inputMode="numeric"
        pattern="\d{1,4}"
        value={terms}
        onChange={(event) => setTerms(event.currentTarget.value)}
      />
      <Problem error={update.error} title="The books were not changed." />
      {update.isSuccess ? <Note tone="good" live title="Saved" /> : null}
      {canChange ? (
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button type="submit" loading={update.isPending}>
            Save
          </Button>
        </div>
      ) : null}
    </form>
  );
}
