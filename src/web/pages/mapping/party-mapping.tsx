import { useState } from 'react';
import type { SourceSchema } from './configuration-page.tsx';
import { RequiredProperties } from './configuration-page.tsx';
import { exampleValue } from './example-value.tsx';
import { MappingTable, type MappingTarget, NamedTargets } from './mapping-table.tsx';
import { useTrial } from './trial.ts';
import { TrialPanel } from './trial-panel.tsx';
import type { LoadedEditor } from './use-configuration-draft.ts';
import type { ReactNode } from 'react';

interface PartyMappingProps {
  readonly editor: LoadedEditor;
  readonly schema: SourceSchema;
  readonly section: 'companies' | 'contacts';
  readonly objectType: 'company' | 'contact';
  readonly heading: string;
  readonly targets: readonly MappingTarget[];
  readonly deal: string | undefined;
  readonly pick: (deal: string) => void;
  /** What stands above the table: switches and rules of this kind of party. */
  readonly children: ReactNode;
}

/** Companies and contacts are mapped alike. */
export function PartyMapping(props: PartyMappingProps) {
  const { editor, schema, section, objectType, heading, targets, deal, pick, children } = props;
  const [typed, setTyped] = useState('');
  const trial = useTrial(editor, deal, typed);
  const properties = schema.properties[objectType] ?? [];
  const table = {
    editor,
    properties,
    example: (target: MappingTarget) => exampleValue(editor, trial, target),
  };
  return (
    <div className="columns-wide">
      <div className="stack">
        {children}
        <section aria-labelledby="fields">
          <h2 id="fields">{heading}</h2>
          <MappingTable {...table} label={heading} targets={targets} />
        </section>
        <section aria-labelledby="custom">
          <h2 id="custom">Custom properties</h2>
          <NamedTargets
            {...table}
            label="Custom properties"
            path={[section, 'fields', 'customProperties']}
            addLabel="Another custom property"
            placeholder="Segment"
          />
        </section>
        <RequiredProperties editor={editor} />
      </div>
      <TrialPanel connectionId={editor.connectionId} trial={trial} type={setTyped} pick={pick} />
    </div>
  );
}
