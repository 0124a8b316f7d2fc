import { Link } from '@tanstack/react-router';
import type { RunRecordWire } from '../../contract/sync-wire.ts';
import { countOf } from '../format/count.ts';
import { Amount } from './amount.tsx';
import { type Column, DataTable } from './data-table.tsx';
import { OutsideLink } from './link.tsx';
import { Name } from './name.tsx';
import { recordKeyOf } from './record-panel.tsx';
import { Status, statusWord } from './status.tsx';

export const recordColumns: readonly Column<RunRecordWire>[] = [
  {
    key: 'title',
    header: 'Record',
    text: ({ title, sourceId }) => title || sourceId,
    cell: (record) => (
      <Link
        className="row-link"
        to="."
        resetScroll={false}
        search={(search) => ({ ...search, record: recordKeyOf(record) })}
      >
        <Name text={record.title || record.sourceId} />
        <span className="xs-only">
          <Status status={record.outcome ?? record.decision} />
        </span>
      </Link>
    ),
  },
  {
    key: 'outcome',
    header: 'Outcome',
    fit: true,
    hide: 'xs',
    text: ({ outcome, decision }) => statusWord(outcome ?? decision),
    cell: ({ outcome, decision }) => <Status status={outcome ?? decision} />,
  },
  {
    key: 'reason',
    header: 'Why',
    hide: 'sm',
    hideBesidePanel: true,
    text: ({ reason }) => reason,
    cell: ({ reason, warnings }) => (
      <>
        {reason}
        {warnings.length > 0 ? (
          <div className="soft small">
            {countOf(warnings.length, 'warning')}: {warnings[0]?.message}
          </div>
        ) : null}
      </>
    ),
  },
  {
    key: 'customer',
    header: 'Customer',
    hide: 'lg',
    hideBesidePanel: true,
    text: ({ document }) => document?.customer.name ?? '',
    cell: ({ document }) => (document ? <Name text={document.customer.name} /> : null),
  },
  {
    key: 'links',
    header: 'Open',
    hide: 'md',
    hideBesidePanel: true,
    fit: true,
    cell: ({ documentId, url }) => (
      <span className="row" style={{ flexWrap: 'nowrap' }}>
        {documentId ? (
          <Link to="/invoices/$documentId" params={{ documentId }}>
            Document
          </Link>
        ) : null}
        <OutsideLink href={url}>CRM</OutsideLink>
      </span>
    ),
  },
  { key: 'id', header: 'Id', text: ({ sourceId }) => sourceId, cell: ({ sourceId }) => sourceId },
  {
    key: 'amount',
    header: 'Amount',
    align: 'end',
    fit: true,
    text: ({ amount }) => amount ?? '',
    cell: ({ amount, currency, document }) => {
      const value = document?.total ?? amount;
      const code = document?.currency ?? currency;
      return value === null || value === undefined ? null : <Amount amount={value} currency={code ?? ''} />;
    },
  },
];

interface RecordsTableProps {
  /** A preview decides, a run has outcomes. */
  readonly outcomeHeader?: string;
  readonly label: string;
  readonly records: readonly RunRecordWire[] | undefined;
  readonly busy: boolean;
  readonly currentKey: string | undefined;
}

export function RecordsTable({
  label,
  records,
  busy,
  currentKey,
  outcomeHeader = 'Outcome',
}: RecordsTableProps) {
  return (
    <DataTable
      label={label}
      columns={recordColumns
        .filter(({ key }) => key !== 'id')
        .map((column) => (column.key === 'outcome' ? { ...column, header: outcomeHeader } : column))}
      rows={records}
      rowKey={recordKeyOf}
      busy={busy}
      currentKey={currentKey}
      linked
    />
  );
}
