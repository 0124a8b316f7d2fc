import { Select } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { OutsideLink } from '../../parts/link.tsx';
import { Empty, Problem } from '../../parts/note.tsx';
import { LinesPlaceholder } from '../../parts/placeholder.tsx';
import { PlannedDocumentView } from '../../parts/planned-document.tsx';
import { RecordReason } from '../../parts/record-reason.tsx';
import { Status } from '../../parts/status.tsx';
import type { Trial } from './trial.ts';

interface TrialPanelProps {
  readonly connectionId: string;
  readonly trial: Trial;
  readonly pick: (dealId: string) => void;
  readonly type: (text: string) => void;
}

/** The picked deal's whole document, changing as one edits; or exactly why there is none. */
export function TrialPanel({ connectionId, trial, pick, type }: TrialPanelProps) {
  const { deals, dealId, record } = trial;
  const choices = deals.map(({ id, title }) => ({ value: id, label: `${title} · ${id}` }));
  const isOffered = dealId === undefined || choices.some(({ value }) => value === dealId);
  const shown = isOffered
    ? choices
    : [{ value: dealId, label: `${record?.title ?? 'Deal'} · ${dealId}` }, ...choices];
  return (
    <aside className="card stack side-live" aria-label="Try it on a real deal">
      <h2 style={{ margin: 0 }}>Try it on a real deal</h2>
      <Select
        label="Deal"
        searchable
        allowDeselect={false}
        placeholder="Type a part of its name"
        nothingFoundMessage="No deal that was read has that in its name"
        filter={({ options }) => options}
        data={shown}
        value={dealId ?? null}
        onChange={(id) => id !== null && pick(id)}
        onSearchChange={(text) => {
          // Choosing writes the whole label into the field; that is no search.
          if (!shown.some(({ label }) => label === text)) type(text);
        }}
      />
      <Problem error={trial.error} title="It could not be tried." />
      {trial.hasDeals ? null : (
        <Empty title="No deal was read yet">A preview reads the CRM; then a deal can be picked here.</Empty>
      )}
      {trial.hasDeals && !record && !trial.error ? <LinesPlaceholder lines={6} /> : null}
      {record ? (
        <div className="stack" aria-live="polite" aria-busy={trial.isBusy}>
          <div className="row">
            <Status status={record.decision} />
            <OutsideLink href={record.url}>Open in the CRM</OutsideLink>
            <Link
              className="link"
              to="/why/$connectionId/$deal"
              params={{ connectionId, deal: record.sourceId }}
            >
              Why?
            </Link>
          </div>
          <RecordReason record={record} />
          {record.document ? <PlannedDocumentView document={record.document} /> : null}
        </div>
      ) : null}
    </aside>
  );
}
