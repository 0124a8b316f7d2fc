import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import type { sourceSchemaWire } from '../../../contract/sync-wire.ts';
import { apiQuery } from '../../api/query.ts';
import { readable } from '../../format/words.ts';
import { Note, Problem } from '../../parts/note.tsx';
import { LinesPlaceholder } from '../../parts/placeholder.tsx';
import { SaveBar } from './save-bar.tsx';
import { type LoadedEditor, useConfigurationDraft } from './use-configuration-draft.ts';

export type SourceSchema = z.infer<typeof sourceSchemaWire>;

interface ConfigurationPageProps {
  readonly intro: string;
  readonly children: (editor: LoadedEditor, schema: SourceSchema) => ReactNode;
}

/** What every page of the configuration shares: loading, the note for those who may only look, and the bar that saves. */
export function ConfigurationPage({ intro, children }: ConfigurationPageProps) {
  const { connectionId } = useParams({ from: '/app/settings/integrations/$connector/$connectionId' });
  const editor = useConfigurationDraft(connectionId);
  const schema = useQuery({
    ...apiQuery('getSourceSchema', { params: { id: connectionId } }),
    staleTime: 300_000,
  });
  const { settings } = editor;
  return (
    <>
      <p className="page-lead" style={{ margin: '0 0 1rem' }}>
        {intro}
      </p>
      <div className="stack">
        {editor.readOnly ? (
          <Note tone="info" title="You can look at everything here; an admin changes it." />
        ) : null}
        <Problem error={editor.loadError} />
        <Problem error={editor.checkError} title="The mapping was not checked." />
        <Problem error={schema.error} title="The properties of the CRM cannot be read." />
        {settings && schema.data ? (
          children({ ...editor, settings }, schema.data)
        ) : editor.loadError || schema.error ? null : (
          <LinesPlaceholder lines={8} height={34} />
        )}
      </div>
      {editor.readOnly ? null : <SaveBar editor={editor} />}
    </>
  );
}

/** The CRM properties that sales should have to fill before a deal can be closed. */
export function RequiredProperties({ editor }: { readonly editor: LoadedEditor }) {
  const { requiredProperties } = editor;
  if (requiredProperties.length === 0) return null;
  return (
    <section className="card" aria-labelledby="required">
      <h2 id="required">What sales should have to fill</h2>
      <p className="soft" style={{ marginTop: 0 }}>
        Make these properties required in the CRM for the stages that make a document; then fewer deals fail.
      </p>
      <dl className="facts">
        {requiredProperties.map(({ objectType, property, label, reason }) => (
          <div key={`${objectType} ${property}`} style={{ display: 'contents' }}>
            <dt>
              <bdi dir="auto">{label}</bdi>
              <div className="small">{readable(objectType)}</div>
            </dt>
            <dd>
              {reason} <span className="mono soft">{property}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
