import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { Choice, SwitchSetting } from './choice.tsx';
import { ConfigurationPage, RequiredProperties, type SourceSchema } from './configuration-page.tsx';
import { exampleValue } from './example-value.tsx';
import { MappingTable, NamedTargets } from './mapping-table.tsx';
import { dealTargets, lineTargets, productTargets } from './mapping-targets.ts';
import { ProductKinds } from './product-kinds.tsx';
import { useTrial } from './trial.ts';
import { TrialPanel } from './trial-panel.tsx';
import type { LoadedEditor } from './use-configuration-draft.ts';

export function DealMapping() {
  return (
    <ConfigurationPage intro="Which field of a deal becomes which field of the document. Try it on a real deal while you change it; nothing is written.">
      {(editor, schema) => <DealMappingBody editor={editor} schema={schema} />}
    </ConfigurationPage>
  );
}

interface BodyProps {
  readonly editor: LoadedEditor;
  readonly schema: SourceSchema;
}

function DealMappingBody({ editor, schema }: BodyProps) {
  const from = '/app/settings/integrations/$connector/$connectionId/deal-mapping';
  const { deal } = useSearch({ from });
  const navigate = useNavigate({
    from: '/settings/integrations/$connector/$connectionId/deal-mapping',
  });
  const [typed, setTyped] = useState('');
  const trial = useTrial(editor, deal, typed);
  const dealProperties = schema.properties['deal'] ?? [];
  const lineProperties = schema.properties['line_item'] ?? [];
  const productProperties = schema.properties['product'] ?? [];
  const table = {
    editor,
    example: (target: Parameters<typeof exampleValue>[2]) => exampleValue(editor, trial, target),
  };
  return (
    <div className="columns-wide">
      <div className="stack">
        <section aria-labelledby="fields">
          <h2 id="fields">Document</h2>
          <MappingTable
            {...table}
            label="Document fields"
            targets={dealTargets}
            properties={dealProperties}
          />
        </section>
        <section aria-labelledby="dimensions">
          <h2 id="dimensions">Dimensions</h2>
          <p className="soft" style={{ marginTop: 0 }}>
            For reports: cost centre, project, segment.
          </p>
          <NamedTargets
            {...table}
            label="Dimensions"
            path={['deals', 'fields', 'dimensions']}
            properties={dealProperties}
            addLabel="Another dimension"
            placeholder="Cost centre"
          />
        </section>
        <section aria-labelledby="custom">
          <h2 id="custom">Custom properties of the document</h2>
          <NamedTargets
            {...table}
            label="Custom properties"
            path={['deals', 'fields', 'customProperties']}
            properties={dealProperties}
            addLabel="Another custom property"
            placeholder="Purchase order"
          />
        </section>
        <section aria-labelledby="lines">
          <h2 id="lines">Lines, from the deal’s line items</h2>
          <MappingTable
            {...table}
            label="Fields of the lines"
            targets={lineTargets}
            properties={lineProperties}
          />
          <div className="columns" style={{ marginTop: '1rem' }}>
            <Choice
              editor={editor}
              path={['deals', 'lines', 'noProduct']}
              label="A line without a product"
              options={[
                { value: 'default_item', label: 'goes to the default item' },
                { value: 'fail', label: 'fails the deal, until it has one' },
              ]}
            />
            <Choice
              editor={editor}
              path={['deals', 'lines', 'itemMissing']}
              label="A product that is no item yet"
              options={[
                { value: 'create', label: 'becomes one' },
                { value: 'fail', label: 'fails the deal, until someone makes it' },
              ]}
            />
          </div>
        </section>
        <section aria-labelledby="products">
          <h2 id="products">Items, from the CRM’s products</h2>
          <SwitchSetting editor={editor} path={['products', 'enabled']} label="Products become items" />
          <MappingTable
            {...table}
            label="Fields of items"
            targets={productTargets}
            properties={productProperties}
          />
          <ProductKinds editor={editor} properties={productProperties} />
        </section>
        <RequiredProperties editor={editor} />
      </div>
      <TrialPanel
        connectionId={editor.connectionId}
        trial={trial}
        type={setTyped}
        pick={(next) => void navigate({ search: { deal: next }, replace: true, resetScroll: false })}
      />
    </div>
  );
}
