import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import type { RunRecordWire, RunWire } from '../../contract/sync-wire.ts';
import { apiQuery } from '../api/query.ts';
import { readable } from '../format/words.ts';
import { DealBesideDocument } from './deal-beside-document.tsx';
import { OutsideLink } from './link.tsx';
import { Name } from './name.tsx';
import { Empty, Problem } from './note.tsx';
import { LinesPlaceholder } from './placeholder.tsx';
import { PlannedDocumentView } from './planned-document.tsx';
import { RecordReason } from './record-reason.tsx';
import { Status } from './status.tsx';

interface RecordPanelProps {
  readonly run: RunWire;
  /** `type:id`, as it stands in the address. */
  readonly recordKey: string;
  readonly close: () => void;
  readonly actions?: (record: RunRecordWire) => ReactNode;
}

export function recordKeyOf(record: Pick<RunRecordWire, 'sourceType' | 'sourceId'>): string {
  return `${record.sourceType}:${record.sourceId}`;
}

/** One record of a run, with an address of its own, beside the table that it was chosen in. */
export function RecordPanel({ run, recordKey, close, actions }: RecordPanelProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const sourceId = recordKey.slice(recordKey.indexOf(':') + 1);
  const records = useQuery(apiQuery('listRunRecords', { params: { id: run.runId }, query: { q: sourceId } }));
  const record = records.data?.data.find((candidate) => recordKeyOf(candidate) === recordKey);
  const opener = useRef<HTMLElement | null>(null);
  useEffect(() => {
    const { activeElement } = document;
    if (activeElement instanceof HTMLElement && activeElement !== document.body)
      opener.current = activeElement;
    heading.current?.focus({ preventScroll: true });
  }, [recordKey]);
  // Whoever closes the record is back at the row that it was opened from.
  useEffect(() => () => opener.current?.focus({ preventScroll: true }), []);
  return (
    <aside
      className="panel"
      aria-label="The record"
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
    >
      <div className="panel-head">
        <div style={{ minWidth: 0 }}>
          <h2 ref={heading} tabIndex={-1}>
            <Name text={record?.title || sourceId} whole />
          </h2>
          <div className="row">
            {record ? <Status status={record.outcome ?? record.decision} /> : null}
            <span className="soft small">
              {readable(recordKey.split(':')[0] ?? '')} {sourceId}
            </span>
            <OutsideLink href={record?.url ?? null}>Open in the CRM</OutsideLink>
          </div>
        </div>
        <ActionIcon variant="subtle" color="gray" aria-label="Close the record" onClick={close}>
          <IconX size={18} aria-hidden="true" />
        </ActionIcon>
      </div>
      <div className="panel-body stack">
        <Problem error={records.error} />
        {records.isPending ? <LinesPlaceholder lines={8} /> : null}
        {records.isSuccess && !record ? (
          <Empty title="The run has no such record">It may belong to another run.</Empty>
        ) : null}
        {record ? <RecordBody run={run} record={record} actions={actions?.(record)} /> : null}
      </div>
    </aside>
  );
}

interface RecordBodyProps {
  readonly run: RunWire;
  readonly record: RunRecordWire;
  readonly actions: ReactNode;
}

function RecordBody({ run, record, actions }: RecordBodyProps) {
  return (
    <>
      <RecordReason record={record} />
      <div className="row">
        {actions}
        {record.documentId ? (
          <Link className="link" to="/invoices/$documentId" params={{ documentId: record.documentId }}>
            Open the document
          </Link>
        ) : null}
        {record.sourceType === 'deal' ? (
          <Link
            className="link"
            to="/why/$connectionId/$deal"
            params={{ connectionId: run.connectionId, deal: record.sourceId }}
          >
            Why, now and in every run
          </Link>
        ) : null}
      </div>
      <RecordChanges record={record} />
      {record.sourceType === 'deal' ? (
        <section aria-label="The deal and its document, field by field">
          <h3>Field by field</h3>
          <DealBesideDocument
            connectionId={run.connectionId}
            configurationVersion={run.configurationVersion ?? undefined}
            record={record}
          />
        </section>
      ) : null}
      {record.document ? (
        <section className="sheet" aria-label="The document">
          <h3 style={{ marginTop: 0 }}>
            {run.kind === 'preview' ? 'The document that it would become' : 'The document as planned'}
          </h3>
          <PlannedDocumentView document={record.document} />
        </section>
      ) : null}
    </>
  );
}

export function RecordChanges({ record }: { readonly record: Pick<RunRecordWire, 'changes'> }) {
  if (record.changes.length === 0) return null;
  return (
    <section aria-label="Changes">
      <h3>What changes</h3>
      <div className="table-frame">
        <table className="table">
          <thead>
            <tr>
              <th>Field</th>
              <th>Before</th>
              <th>After</th>
            </tr>
          </thead>
          <tbody>
            {record.changes.map(({ field, before, after }) => (
              <tr key={field}>
                <td>{readable(field)}</td>
                <td>
                  {before === null ? <span className="soft">empty</span> : <Name text={before} whole />}
                </td>
                <td>{after === null ? <span className="soft">empty</span> : <Name text={after} whole />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
