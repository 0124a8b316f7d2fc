import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { kindOfSource, propertiesOf } from '../../parts/field-source.ts';
import { ProblemList } from './problem-list.tsx';
import type { SourceProperty } from './property-select.tsx';
import { type LoadedEditor, problemsOf } from './use-configuration-draft.ts';

const kinds = [
  { value: 'service', label: 'Service' },
  { value: 'goods', label: 'Goods' },
];

interface ProductKindsProps {
  readonly editor: LoadedEditor;
  readonly properties: readonly SourceProperty[];
}

/** Product type of the CRM → service or goods, with a default for every other. */
export function ProductKinds({ editor, properties }: ProductKindsProps) {
  const { fields } = editor.settings.products;
  const [added, setAdded] = useState('');
  const path = ['products', 'fields', 'kinds'];
  const type =
    fields.type !== null && kindOfSource(fields.type) === 'property'
      ? propertiesOf(fields.type)[0]
      : undefined;
  const options = properties.find(({ name }) => name === type)?.options ?? [];
  const labelOf = (value: string): string => options.find((option) => option.value === value)?.label ?? value;
  const add = (): void => {
    const value = added.trim();
    if (value === '') return;
    editor.set(path, { ...fields.kinds, [value]: fields.defaultKind });
    setAdded('');
  };
  return (
    <div className="stack-tight" style={{ marginTop: '0.75rem' }}>
      <div className="row row-end">
        <Select
          size="sm"
          label="Items are, unless the table says otherwise"
          allowDeselect={false}
          disabled={editor.readOnly}
          data={kinds}
          value={fields.defaultKind}
          onChange={(kind) => kind && editor.set(['products', 'fields', 'defaultKind'], kind)}
        />
      </div>
      {Object.entries(fields.kinds).map(([value, kind]) => (
        <div key={value} className="row">
          <Select
            size="sm"
            label={`Products of the type ${labelOf(value)} are`}
            allowDeselect={false}
            disabled={editor.readOnly}
            data={kinds}
            value={kind}
            onChange={(next) => next && editor.set([...path, value], next)}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            disabled={editor.readOnly}
            style={{ alignSelf: 'end', marginBottom: 4 }}
            aria-label={`Leave out the type ${labelOf(value)}`}
            onClick={() => editor.set([...path, value], undefined)}
          >
            <IconX size={16} aria-hidden="true" />
          </ActionIcon>
        </div>
      ))}
      {editor.readOnly ? null : (
        <form
          className="row row-end"
          onSubmit={(event) => {
            event.preventDefault();
            add();
          }}
        >
          <TextInput
            size="sm"
            label="Another product type of the CRM"
            value={added}
            onChange={(event) => setAdded(event.currentTarget.value)}
          />
          <Button type="submit" size="sm" variant="default" disabled={added.trim() === ''}>
            Add
          </Button>
        </form>
      )}
      <ProblemList problems={problemsOf(editor, path.join('.'))} />
    </div>
  );
}
