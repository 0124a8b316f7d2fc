import { Button, Checkbox, FileInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { z } from 'zod';
import type { rateImportWire } from '../../../contract/rates-routes.ts';
import { useApiMutation } from '../../api/query.ts';
import { countOf } from '../../format/count.ts';
import { formatDay } from '../../format/date.ts';
import { Quantity } from '../../parts/amount.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Day } from '../../parts/date-text.tsx';
import { Note, Problem } from '../../parts/note.tsx';

type RateImport = z.infer<typeof rateImportWire>;
type ImportRow = RateImport['rows'][number];

const outcomeWords: Readonly<Record<ImportRow['outcome'], string>> = {
  added: 'New',
  replaced: 'Replaces',
  kept: 'Kept as set by hand',
  unchanged: 'The same already',
};

const columns: readonly Column<ImportRow>[] = [
  { key: 'date', header: 'From', fit: true, cell: ({ date }) => <Day day={date} /> },
  { key: 'currency', header: 'Currency', fit: true, cell: ({ currency }) => currency },
  { key: 'outcome', header: 'What happens', cell: ({ outcome }) => outcomeWords[outcome] },
  {
    key: 'before',
    header: 'Now',
    align: 'end',
    fit: true,
    hide: 'sm',
    cell: ({ before }) => (before ? <Quantity value={before.rate} /> : null),
  },
  { key: 'source', header: 'Source now', hide: 'md', cell: ({ before }) => before?.source ?? null },
  {
    key: 'rate',
    header: 'In the file',
    align: 'end',
    fit: true,
    cell: ({ rate }) => <Quantity value={rate} />,
  },
];

interface ImportRatesProps {
  readonly entityId: string;
  readonly baseCurrency: string;
}

/** A file is read here and checked by the server; what it would change stands below before anything is written. */
export function ImportRates({ entityId, baseCurrency }: ImportRatesProps) {
  const [file, setFile] = useState<File | null>(null);
  const [content, setContent] = useState('');
  const [from, setFrom] = useState('');
  const [replaceManual, setReplaceManual] = useState(false);
  const preview = useApiMutation('previewExchangeRateImport');
  const save = useApiMutation('importExchangeRates', {
    changes: ['listExchangeRates'],
    onDone: () => preview.reset(),
  });
  const body = { entityId, content, replaceManual, ...(from === '' ? {} : { from }) };
  const changed = (): void => {
    preview.reset();
    save.reset();
  };
  return (
    <form
      className="card stack-tight"
      aria-label="Import rates"
      onSubmit={(event) => {
        event.preventDefault();
        save.reset();
        preview.mutate({ body });
      }}
    >
      <div className="row row-end">
        <FileInput
          label="File of rates"
          description={`CSV with date, currency and rate (${baseCurrency} for one unit), or eurofxref of the ECB in CSV or XML`}
          placeholder="Choose a file"
          accept=".csv,.xml,.txt,text/csv,text/xml,application/xml"
          required
          clearable
          miw={260}
          value={file}
          onChange={(chosen) => {
            changed();
            setFile(chosen);
            setContent('');
            void chosen?.text().then(setContent);
          }}
        />
        <TextInput
          label="Only from"
          type="date"
          value={from}
          onChange={(event) => {
            changed();
            setFrom(event.currentTarget.value);
          }}
        />
        <Button type="submit" variant="default" loading={preview.isPending} disabled={content === ''}>
          Preview import
        </Button>
      </div>
      <Checkbox
        label="Also replace rates that were set by hand"
        checked={replaceManual}
        onChange={(event) => {
          changed();
          setReplaceManual(event.currentTarget.checked);
        }}
      />
      <Problem error={preview.error ?? save.error} title="The file was not imported." />
      {save.data ? (
        <Note tone="good" live title="Imported">
          {summaryOf(save.data)}
        </Note>
      ) : null}
      {preview.data ? (
        <ImportPreview
          result={preview.data}
          busy={save.isPending}
          run={() => save.mutate({ body })}
          baseCurrency={baseCurrency}
        />
      ) : null}
    </form>
  );
}

function summaryOf({ counts }: RateImport): string {
  return [
    `${countOf(counts.added, 'new rate')}`,
    `${counts.replaced} replaced`,
    `${counts.kept} kept as set by hand`,
    `${counts.unchanged} the same already`,
  ].join(', ');
}

interface ImportPreviewProps {
  readonly result: RateImport;
  readonly busy: boolean;
  readonly run: () => void;
  readonly baseCurrency: string;
}

function ImportPreview({ result, busy, run, baseCurrency }: ImportPreviewProps) {
  const { counts, rows, unknownCurrencies, daysWithoutBase } = result;
  // More than anybody reads; the counts say the rest.
  const shown = rows.slice(0, 100);
  const changes = counts.added + counts.replaced;
  const all = changes + counts.kept + counts.unchanged;
  return (
    <>
      <Note
        tone="info"
        live
        title={changes === 0 ? 'Nothing would change' : summaryOf(result)}
        action={
          <Button onClick={run} loading={busy} disabled={changes === 0}>
            Import {countOf(changes, 'rate')}
          </Button>
        }
      >
        {result.from && result.to ? `From ${formatDay(result.from)} to ${formatDay(result.to)}. ` : ''}
        {result.format === 'csv' ? '' : `From the ECB’s rates for one euro, worked out for ${baseCurrency}. `}
        {unknownCurrencies.length > 0
          ? `Left out, no currencies any more: ${unknownCurrencies.join(', ')}. `
          : ''}
        {daysWithoutBase > 0
          ? `Left out: ${countOf(daysWithoutBase, 'day')} without a rate of ${baseCurrency}. `
          : ''}
        {shown.length < all ? `The table shows ${shown.length} of ${all}.` : ''}
      </Note>
      <DataTable
        label="Rates in the file"
        columns={columns}
        rows={shown}
        rowKey={({ currency, date }) => `${currency} ${date}`}
      />
    </>
  );
}
