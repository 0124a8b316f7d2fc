import { Link } from '@tanstack/react-router';
import type { z } from 'zod';
import type { auditEntryWire } from '../../contract/organization-wire.ts';
import { actorWords, readable } from '../format/words.ts';
import { type Column, DataTable } from './data-table.tsx';
import { InstantText } from './date-text.tsx';
import { Name } from './name.tsx';

export type AuditEntry = z.infer<typeof auditEntryWire>;

export const auditColumns: readonly Column<AuditEntry>[] = [
  {
    key: 'at',
    header: 'When',
    fit: true,
    text: ({ at }) => at,
    cell: ({ at }) => <InstantText instant={at} />,
  },
  {
    key: 'actor',
    header: 'Who or what',
    hide: 'sm',
    text: ({ actor }) => actor,
    cell: ({ actor }) => <Name text={actorWords(actor)} />,
  },
  {
    key: 'action',
    header: 'What',
    text: ({ action }) => action,
    cell: ({ action }) => readable(action),
  },
  {
    key: 'subject',
    header: 'Of',
    text: ({ subjectType, subjectId }) => `${subjectType} ${subjectId}`,
    cell: (entry) => <Subject entry={entry} />,
  },
  {
    key: 'change',
    header: 'Before and after',
    hide: 'md',
    wide: true,
    text: ({ before, after }) => `${JSON.stringify(before)} → ${JSON.stringify(after)}`,
    cell: (entry) => <Change entry={entry} />,
  },
];

interface AuditTableProps {
  readonly entries: readonly AuditEntry[] | undefined;
  readonly label: string;
  readonly busy?: boolean;
}

export function AuditTable({ entries, label, busy = false }: AuditTableProps) {
  return (
    <DataTable label={label} columns={auditColumns} rows={entries} rowKey={({ id }) => id} busy={busy} />
  );
}

function Subject({ entry }: { readonly entry: AuditEntry }) {
  const { subjectType, subjectId } = entry;
  const word = readable(subjectType);
  const run = entry.runId ? (
    <Link to="/runs/$runId" params={{ runId: entry.runId }}>
      its run
    </Link>
  ) : null;
  const subject =
    subjectType === 'document' || subjectType === 'invoice' ? (
      <Link to="/invoices/$documentId" params={{ documentId: subjectId }}>
        {word}
      </Link>
    ) : subjectType === 'customer' ? (
      <Link to="/customers/$customerId" params={{ customerId: subjectId }}>
        {word}
      </Link>
    ) : (
      <>
        {word} <span className="soft small">{subjectId.slice(0, 8)}</span>
      </>
    );
  return (
    <>
      {subject}
      {run ? <div className="small">{run}</div> : null}
    </>
  );
}

/** A change with more in it opens on request: a mapping has hundreds of lines. */
function Change({ entry }: { readonly entry: AuditEntry }) {
  const isEmpty = (value: unknown): boolean =>
    value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);
  if (isEmpty(entry.before) && isEmpty(entry.after)) return null;
  return (
    <details>
      <summary>Show</summary>
      <dl className="facts small">
        {isEmpty(entry.before) ? null : (
          <>
            <dt>Before</dt>
            <dd className="mono" style={{ whiteSpace: 'pre-wrap' }}>
              {JSON.stringify(entry.before, null, 1)}
            </dd>
          </>
        )}
        {isEmpty(entry.after) ? null : (
          <>
            <dt>After</dt>
            <dd className="mono" style={{ whiteSpace: 'pre-wrap' }}>
              {JSON.stringify(entry.after, null, 1)}
            </dd>
          </>
        )}
      </dl>
    </details>
  );
}
