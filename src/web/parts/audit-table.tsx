import { Link } from '@tanstack/react-router';
import type { z } from 'zod';
import type { auditEntryWire } from '../../contract/organization-wire.ts';
import { actorWords, readable } from '../format/words.ts';
import { ChangeTable } from './change-table.tsx';
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
    cell: (entry) => (
      <>
        {readable(entry.action)}
        <div className="xs-only">
          <Change entry={entry} stacked />
        </div>
      </>
    ),
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
    hide: 'xs',
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
  const isGone = entry.action === 'document.deleted' || entry.action === 'document.withdrawn';
  const subject =
    (subjectType === 'document' || subjectType === 'invoice') && !isGone ? (
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
      <div className="small">
        <Link to="/settings/audit-trail" search={{ subject: subjectType, id: subjectId }}>
          its history
        </Link>
        {run ? <> · {run}</> : null}
      </div>
    </>
  );
}

/** What changed opens on request: a mapping has hundreds of fields. */
function Change({ entry, stacked = false }: { readonly entry: AuditEntry; readonly stacked?: boolean }) {
  const isEmpty = (value: unknown): boolean =>
    value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);
  if (isEmpty(entry.before) && isEmpty(entry.after)) return null;
  return (
    <details>
      <summary>Show</summary>
      <ChangeTable before={entry.before} after={entry.after} stacked={stacked} />
    </details>
  );
}
