import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { z } from 'zod';
import type { journalLineWire } from '../../../contract/books-wire.ts';
import { Amount } from '../../parts/amount.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Day } from '../../parts/date-text.tsx';
import { Name } from '../../parts/name.tsx';

export type JournalLine = z.infer<typeof journalLineWire>;

const date: Column<JournalLine> = {
  key: 'date',
  header: 'Date',
  fit: true,
  hide: 'xs',
  text: (line) => line.date,
  cell: (line) => <Day day={line.date} />,
};
const account: Column<JournalLine> = {
  key: 'account',
  header: 'Account',
  text: (line) => `${line.account} ${line.accountName}`,
  cell: (line) => (
    <>
      <Link to="/journal" search={{ account: line.account }} className="mono">
        {line.account}
      </Link>{' '}
      <Name text={line.accountName} />
      <span className="xs-only phone-lines">
        <Day day={line.date} />
      </span>
    </>
  ),
};
const document: Column<JournalLine> = {
  key: 'document',
  header: 'Document',
  fit: true,
  hide: 'sm',
  text: (line) => line.documentNumber ?? '',
  cell: (line) =>
    line.documentId ? (
      <Link to="/invoices/$documentId" params={{ documentId: line.documentId }}>
        {line.documentNumber ?? 'Document'}
      </Link>
    ) : null,
};
const description: Column<JournalLine> = {
  key: 'description',
  header: 'Description',
  hide: 'md',
  text: (line) => line.description,
  cell: (line) => <Name text={line.description} />,
};
const currency: Column<JournalLine> = {
  key: 'currency',
  header: 'Currency',
  fit: true,
  hide: 'sm',
  text: (line) => line.currency,
  cell: (line) => line.currency,
};

function side(key: 'debit' | 'credit', header: string): Column<JournalLine> {
  return {
    key,
    header,
    align: 'end',
    fit: true,
    text: (line) => line[key],
    cell: (line) => <Amount amount={line[key]} currency={line.currency} bare hideZero />,
  };
}

export const journalColumns: readonly Column<JournalLine>[] = [
  date,
  account,
  document,
  description,
  currency,
  side('debit', 'Debit'),
  side('credit', 'Credit'),
];

/** Of one document: what every line would repeat stands above the table or in its headers. */
function columnsOfDocument(code: string): readonly Column<JournalLine>[] {
  return [date, account, side('debit', `Debit ${code}`), side('credit', `Credit ${code}`)];
}

/** On the first line of a manual entry that stands: the way to take it back. */
export function reverseColumn(start: (line: JournalLine) => void): Column<JournalLine> {
  return {
    key: 'reverse',
    header: 'Action',
    fit: true,
    cell: (line) =>
      line.kind === 'manual' && line.reversedByEntryId === null ? (
        <Button size="compact-xs" variant="default" onClick={() => start(line)}>
          Reverse
        </Button>
      ) : null,
  };
}

interface JournalTableProps {
  readonly lines: readonly JournalLine[] | undefined;
  /** The document's currency, where the lines are all of one document. */
  readonly documentCurrency?: string;
  readonly busy?: boolean;
  readonly columns?: readonly Column<JournalLine>[];
}

export function JournalTable(props: JournalTableProps) {
  const { lines, documentCurrency, busy = false } = props;
  const columns =
    documentCurrency === undefined ? (props.columns ?? journalColumns) : columnsOfDocument(documentCurrency);
  const keyed = lines?.map((line, index) => ({ ...line, key: `${line.entryId} ${index}` }));
  return (
    <DataTable
      label="Journal lines"
      columns={columns}
      rows={keyed}
      rowKey={(line) => (line as JournalLine & { readonly key: string }).key}
      busy={busy}
    />
  );
}
