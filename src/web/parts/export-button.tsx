import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { pageLimitMax } from '../../contract/wire.ts';
import { toCsv } from '../format/csv.ts';
import type { Column } from './data-table.tsx';
import { Problem } from './note.tsx';
import { saveFile } from './save-file.ts';

interface ExportPage<Row> {
  readonly data: readonly Row[];
  readonly next: string | null;
}

interface ExportButtonProps<Row> {
  readonly fileName: string;
  readonly columns: readonly Column<Row>[];
  readonly readPage: (page: { limit: number; after: string | undefined }) => Promise<ExportPage<Row>>;
}

/** 50 pages of 200 rows: more would keep a browser tab busy for minutes. Larger exports are the command line's work. */
const pagesMax = 50;

/** Saves every row that the filter lets through, not only the page that is shown, as CSV. */
export function ExportButton<Row>({ fileName, columns, readPage }: ExportButtonProps<Row>) {
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const save = async (): Promise<void> => {
    setIsBusy(true);
    setError(null);
    try {
      const rows: Row[] = [];
      let after: string | undefined;
      for (let page = 0; page < pagesMax; page += 1) {
        const { data, next } = await readPage({ limit: pageLimitMax, after });
        rows.push(...data);
        if (next === null) break;
        after = next;
      }
      const exported = columns.flatMap(({ header, text }) => (text ? [{ header, text }] : []));
      saveFile(`${fileName}.csv`, toCsv(exported, rows), 'text/csv');
    } catch (caught) {
      setError(caught instanceof Error ? caught : new Error(String(caught)));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <>
      <Button
        variant="default"
        size="sm"
        loading={isBusy}
        leftSection={<IconDownload size={15} aria-hidden="true" />}
        onClick={() => void save()}
      >
        Export
      </Button>
      <Problem error={error} title="Nothing was exported." />
    </>
  );
}
