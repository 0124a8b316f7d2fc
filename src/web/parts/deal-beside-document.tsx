import { IconArrowRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { RunRecordWire } from '../../contract/sync-wire.ts';
import { apiQuery } from '../api/query.ts';
import { Amount } from './amount.tsx';
import { Day } from './date-text.tsx';
import { propertyLabels, settingsFromWire, sourceValues } from './field-source.ts';
import { Name } from './name.tsx';
import { Problem } from './note.tsx';
import { LinesPlaceholder } from './placeholder.tsx';
import type { PlannedDocument } from './planned-document.tsx';

interface DealBesideDocumentProps {
  readonly connectionId: string;
  /** The version that decided; undefined: the newest. */
  readonly configurationVersion: number | undefined;
  readonly record: Pick<RunRecordWire, 'sourceId' | 'document' | 'documentId'>;
}

/** The deal on the left, what it becomes on the right, field by field as the mapping has them. */
export function DealBesideDocument({ connectionId, configurationVersion, record }: DealBesideDocumentProps) {
  const configuration = useQuery({
    ...apiQuery('getConfiguration', {
      params: { id: connectionId },
      query: { version: configurationVersion },
    }),
    staleTime: 60_000,
  });
  const schema = useQuery({
    ...apiQuery('getSourceSchema', { params: { id: connectionId } }),
    staleTime: 300_000,
  });
  const why = useQuery(apiQuery('getWhy', { params: { id: connectionId, deal: record.sourceId } }));
  const { documentId } = record;
  // A record that stays as it is carries no plan: what it became stands in the books.
  const existing = useQuery({
    ...apiQuery('getDocument', { params: { id: documentId ?? '' } }),
    enabled: record.document === null && documentId !== null,
  });
  if (configuration.error) return <Problem error={configuration.error} />;
  if (why.error) return <Problem error={why.error} title="The deal itself cannot be shown." />;
  if (!configuration.data || !why.data) return <LinesPlaceholder lines={6} />;
  const { fields } = settingsFromWire(configuration.data.settings).deals;
  const labels = propertyLabels(schema.data?.properties['deal']);
  const { properties } = why.data;
  const document = record.document ?? existing.data ?? null;
  const rows = [
    { name: 'Description', source: fields.description },
    { name: 'Total', source: fields.total },
    { name: 'Document date', source: fields.documentDate },
    { name: 'Currency', source: fields.currency },
    { name: 'Sales rep', source: fields.salesRep },
    { name: 'Memo', source: fields.memo },
    ...Object.entries(fields.dimensions).map(([name, source]) => ({ name, source })),
    ...Object.entries(fields.customProperties).map(([name, source]) => ({ name, source })),
  ].filter(({ source }) => source !== null);
  return (
    <div className="field-pairs">
      <strong>In the CRM</strong>
      <span className="head-gap" />
      <strong>In the books</strong>
      {rows.map(({ name, source }) => (
        <div key={name} style={{ display: 'contents' }}>
          <div className="field-pair-cell">
            {source === null
              ? null
              : sourceValues(source, properties, labels).map(({ label, value }) => (
                  <div key={label}>
                    <span className="label">{label}</span>
                    {value === null || value === '' ? (
                      <span className="soft">empty</span>
                    ) : (
                      <Name text={value} whole />
                    )}
                  </div>
                ))}
          </div>
          <span className="arrow">
            <IconArrowRight size={14} aria-hidden="true" />
          </span>
          <div>
            <span className="label">{name}</span>
            {document ? <Target name={name} document={document} /> : <span className="soft">—</span>}
          </div>
        </div>
      ))}
    </div>
  );
}

interface TargetProps {
  readonly name: string;
  readonly document: Omit<PlannedDocument, 'customer' | 'lines'>;
}

function Target({ name, document }: TargetProps) {
  switch (name) {
    case 'Description':
      return <Name text={document.description} whole />;
    case 'Total':
      return <Amount amount={document.total} currency={document.currency} />;
    case 'Document date':
      return <Day day={document.documentDate} />;
    case 'Currency':
      return document.currency;
    case 'Sales rep':
      return document.salesRep ? (
        <Name text={document.salesRep.name} whole />
      ) : (
        <span className="soft">none</span>
      );
    case 'Memo':
      return <Name text={document.memo ?? ''} whole />;
    default:
      return <Name text={document.dimensions[name] ?? document.customProperties[name] ?? ''} whole />;
  }
}
