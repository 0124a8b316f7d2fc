import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { FieldSource } from '../../../model/configuration.ts';
import { defaultOf, kindOfSource, propertiesOf, type SourceKind } from '../../parts/field-source.ts';
import { oneOf } from '../../parts/search-params.ts';
import { PropertySelect, type SourceProperty } from './property-select.tsx';

interface SourceEditorProps {
  /** The target, for the labels of the parts. */
  readonly target: string;
  readonly source: FieldSource | null;
  readonly change: (source: FieldSource | null) => void;
  readonly properties: readonly SourceProperty[];
  readonly canBeNone: boolean;
  readonly disabled: boolean;
}

const kinds = ['none', 'property', 'constant', 'join', 'lookup'] as const;

const kindWords: Readonly<Record<SourceKind, string>> = {
  none: 'Not mapped',
  property: 'Property',
  constant: 'Constant',
  join: 'Joined',
  lookup: 'Lookup',
};

/** Where a field's value comes from: a property, a constant, several joined, or a lookup table; each with a default for empty. */
export function SourceEditor(props: SourceEditorProps) {
  const { target, source, change, canBeNone, disabled } = props;
  const kind = kindOfSource(source);
  return (
    <div className="source-editor">
      <Select
        size="sm"
        aria-label={`Kind of source of ${target}`}
        allowDeselect={false}
        disabled={disabled}
        data={kinds
          .filter((value) => canBeNone || value !== 'none')
          .map((value) => ({ value, label: kindWords[value] }))}
        value={kind}
        onChange={(value) => change(sourceOfKind(oneOf(kinds, value ?? undefined) ?? kind, source))}
      />
      <SourceParts {...props} />
    </div>
  );
}

/** The other kind of source, with what can be kept of the one before. */
function sourceOfKind(kind: SourceKind, before: FieldSource | null): FieldSource | null {
  const [property = ''] = before === null ? [] : propertiesOf(before);
  switch (kind) {
    case 'none':
      return null;
    case 'property':
      return property;
    case 'constant':
      return { constant: '' };
    case 'join':
      return { join: [property, ''], separator: ' ' };
    case 'lookup':
      return { lookup: property, table: {} };
  }
}

function withDefault(source: FieldSource, text: string): FieldSource {
  if (typeof source === 'string') return text === '' ? source : { property: source, default: text };
  if ('constant' in source) return source;
  if ('property' in source)
    return text === '' ? source.property : { property: source.property, default: text };
  const { default: _, ...rest } = source;
  return text === '' ? rest : { ...rest, default: text };
}

function SourceParts({ target, source, change, properties, disabled }: SourceEditorProps) {
  if (source === null)
    return (
      <span className="soft" style={{ paddingTop: '0.35rem' }}>
        Stays empty
      </span>
    );
  if (typeof source === 'string' || 'property' in source) {
    const name = typeof source === 'string' ? source : source.property;
    return (
      <div className="stack-tight">
        <PropertySelect
          label={`Property for ${target}`}
          properties={properties}
          value={name}
          disabled={disabled}
          change={(next) => change(withDefault(next, defaultOf(source)))}
        />
        <DefaultField {...{ target, source, change, disabled }} />
      </div>
    );
  }
  if ('constant' in source) {
    return (
      <TextInput
        size="sm"
        aria-label={`Constant for ${target}`}
        placeholder="The same for every deal"
        disabled={disabled}
        value={source.constant}
        onChange={(event) => change({ constant: event.currentTarget.value })}
      />
    );
  }
  if ('join' in source) {
    return <JoinParts {...{ target, source, change, properties, disabled }} />;
  }
  return <LookupParts {...{ target, source, change, properties, disabled }} />;
}

interface PartsProps<Source extends FieldSource> {
  readonly target: string;
  readonly source: Source;
  readonly change: (source: FieldSource) => void;
  readonly properties: readonly SourceProperty[];
  readonly disabled: boolean;
}

type JoinSource = Extract<FieldSource, { readonly join: unknown }>;
type LookupSource = Extract<FieldSource, { readonly lookup: unknown }>;

function JoinParts({ target, source, change, properties, disabled }: PartsProps<JoinSource>) {
  const setPart = (index: number, part: FieldSource | null): void => {
    const join = source.join.map((old, at) => (at === index ? part : old)).filter((old) => old !== null);
    change({ ...source, join });
  };
  return (
    <div className="nested">
      {source.join.map((part, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- the same property may stand there twice
        <div key={index} className="row" style={{ flexWrap: 'nowrap' }}>
          <div style={{ flex: 1, minWidth: 0 }}>
            {typeof part !== 'string' && 'constant' in part ? (
              <TextInput
                size="sm"
                aria-label={`Text ${index + 1} of ${target}`}
                disabled={disabled}
                value={part.constant}
                onChange={(event) => setPart(index, { constant: event.currentTarget.value })}
              />
            ) : (
              <PropertySelect
                label={`Property ${index + 1} of ${target}`}
                properties={properties}
                disabled={disabled}
                value={propertiesOf(part)[0] ?? ''}
                change={(name) => setPart(index, name)}
              />
            )}
          </div>
          <ActionIcon
            variant="subtle"
            color="gray"
            disabled={disabled}
            aria-label={`Leave out part ${index + 1} of ${target}`}
            onClick={() => setPart(index, null)}
          >
            <IconX size={16} aria-hidden="true" />
          </ActionIcon>
        </div>
      ))}
      <div className="row">
        <Button
          size="compact-sm"
          variant="default"
          disabled={disabled}
          leftSection={<IconPlus size={13} aria-hidden="true" />}
          onClick={() => change({ ...source, join: [...source.join, ''] })}
        >
          Property
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={disabled}
          leftSection={<IconPlus size={13} aria-hidden="true" />}
          onClick={() => change({ ...source, join: [...source.join, { constant: '' }] })}
        >
          Text
        </Button>
      </div>
      <TextInput
        size="sm"
        label="Between them"
        disabled={disabled}
        value={source.separator ?? ' '}
        onChange={(event) => change({ ...source, separator: event.currentTarget.value })}
      />
      <DefaultField {...{ target, source, change, disabled }} />
    </div>
  );
}

function LookupParts({ target, source, change, properties, disabled }: PartsProps<LookupSource>) {
  const name = propertiesOf(source.lookup)[0] ?? '';
  const options = properties.find((property) => property.name === name)?.options ?? [];
  const entries = Object.entries(source.table);
  const setTable = (rows: readonly (readonly [string, string])[]): void =>
    change({ ...source, table: Object.fromEntries(rows) });
  const missing = options.filter(({ value }) => !(value in source.table));
  return (
    <div className="nested">
      <PropertySelect
        label={`Property that is looked up for ${target}`}
        properties={properties}
        disabled={disabled}
        value={name}
        change={(next) => change({ ...source, lookup: next })}
      />
      {entries.map(([from, to], index) => (
        // oxlint-disable-next-line react/no-array-index-key -- the key of a row is what is being typed
        <div key={index} className="pair">
          <TextInput
            size="sm"
            aria-label={`CRM value ${index + 1} of ${target}`}
            placeholder="In the CRM"
            disabled={disabled}
            value={from}
            onChange={(event) =>
              setTable(entries.map((row, at) => (at === index ? [event.currentTarget.value, to] : row)))
            }
          />
          <TextInput
            size="sm"
            aria-label={`Book value ${index + 1} of ${target}`}
            placeholder="In the books"
            disabled={disabled}
            value={to}
            onChange={(event) =>
              setTable(entries.map((row, at) => (at === index ? [from, event.currentTarget.value] : row)))
            }
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            disabled={disabled}
            aria-label={`Leave out row ${index + 1} of ${target}`}
            onClick={() => setTable(entries.filter((_, at) => at !== index))}
          >
            <IconX size={16} aria-hidden="true" />
          </ActionIcon>
        </div>
      ))}
      <div className="row">
        <Button
          size="compact-sm"
          variant="default"
          disabled={disabled || '' in source.table}
          leftSection={<IconPlus size={13} aria-hidden="true" />}
          onClick={() => setTable([...entries, ['', '']])}
        >
          Row
        </Button>
        {missing.length > 0 ? (
          <Button
            size="compact-sm"
            variant="default"
            disabled={disabled}
            onClick={() =>
              setTable([...entries, ...missing.map(({ value, label }): [string, string] => [value, label])])
            }
          >
            Add all {missing.length} values of the CRM
          </Button>
        ) : null}
      </div>
      <DefaultField {...{ target, source, change, disabled }} />
    </div>
  );
}

interface DefaultFieldProps {
  readonly target: string;
  readonly source: FieldSource;
  readonly change: (source: FieldSource) => void;
  readonly disabled: boolean;
}

/** Most targets need no default, so its field opens on request. */
function DefaultField({ target, source, change, disabled }: DefaultFieldProps) {
  const value = defaultOf(source);
  const [isOpen, setIsOpen] = useState(value !== '');
  if (!isOpen && value === '') {
    return disabled ? null : (
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        style={{ justifySelf: 'start' }}
        aria-label={`Add a default for ${target}`}
        onClick={() => setIsOpen(true)}
      >
        Add a default
      </Button>
    );
  }
  return (
    <TextInput
      size="xs"
      autoFocus={value === ''}
      aria-label={`Default for ${target} when it is empty`}
      placeholder="Default when it is empty"
      disabled={disabled}
      value={value}
      onChange={(event) => change(withDefault(source, event.currentTarget.value))}
    />
  );
}
