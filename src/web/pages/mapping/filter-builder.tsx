import { ActionIcon, Button, MultiSelect, Select, TagsInput, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { Filter, FilterOperator } from '../../../model/configuration.ts';
import { oneOf } from '../../parts/search-params.ts';
import { ProblemList } from './problem-list.tsx';
import { PropertySelect, type SourceProperty } from './property-select.tsx';
import { readFilters } from './setting-path.ts';
import { type LoadedEditor, problemsOf } from './use-configuration-draft.ts';

type Rule = Extract<Filter, { readonly property: string }>;

const operators = [
  'equals',
  'not_equals',
  'in',
  'not_in',
  'contains',
  'greater_than',
  'at_least',
  'less_than',
  'at_most',
  'is_set',
  'is_not_set',
] as const satisfies readonly FilterOperator[];

const operatorWords: Readonly<Record<FilterOperator, string>> = {
  equals: 'is',
  not_equals: 'is not',
  in: 'is one of',
  not_in: 'is none of',
  contains: 'contains',
  greater_than: 'is more than',
  at_least: 'is at least',
  less_than: 'is less than',
  at_most: 'is at most',
  is_set: 'is filled',
  is_not_set: 'is empty',
};

interface FilterBuilderProps {
  readonly editor: LoadedEditor;
  readonly path: readonly string[];
  readonly label: string;
  readonly properties: readonly SourceProperty[];
}

/** Rules over properties, all of which must hold; a group holds when all or any of its rules do. */
export function FilterBuilder({ editor, path, label, properties }: FilterBuilderProps) {
  const filters = readFilters(editor.settings, path);
  return (
    <div className="stack-tight" role="group" aria-label={label}>
      <Rules
        filters={filters}
        properties={properties}
        disabled={editor.readOnly}
        change={(next) => editor.set(path, next)}
        depth={0}
      />
      <ProblemList problems={problemsOf(editor, path.join('.'))} />
    </div>
  );
}

interface RulesProps {
  readonly filters: readonly Filter[];
  readonly properties: readonly SourceProperty[];
  readonly disabled: boolean;
  readonly change: (filters: readonly Filter[]) => void;
  readonly depth: number;
}

/** Groups inside groups inside groups are read by nobody. */
const depthMax = 2;

function Rules({ filters, properties, disabled, change, depth }: RulesProps) {
  const replace = (index: number, filter: Filter | null): void =>
    change(filters.map((old, at) => (at === index ? filter : old)).filter((old) => old !== null));
  const rule: Rule = { property: '', operator: 'equals', value: '' };
  return (
    <>
      {filters.map((filter, index) => {
        const part = { properties, disabled, replace: (next: Filter | null) => replace(index, next) };
        return 'property' in filter ? (
          // oxlint-disable-next-line react/no-array-index-key -- a rule is known by its place alone
          <RuleRow key={index} rule={filter} number={index + 1} {...part} />
        ) : (
          // oxlint-disable-next-line react/no-array-index-key -- a group is known by its place alone
          <Group key={index} group={filter} depth={depth} {...part} />
        );
      })}
      {disabled ? null : (
        <div className="row">
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlus size={13} aria-hidden="true" />}
            onClick={() => change([...filters, rule])}
          >
            Rule
          </Button>
          {depth < depthMax ? (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconPlus size={13} aria-hidden="true" />}
              onClick={() => change([...filters, { any: [rule] }])}
            >
              Group
            </Button>
          ) : null}
        </div>
      )}
    </>
  );
}

interface GroupProps {
  readonly group: Exclude<Filter, Rule>;
  readonly properties: readonly SourceProperty[];
  readonly disabled: boolean;
  readonly replace: (filter: Filter | null) => void;
  readonly depth: number;
}

function Group({ group, properties, disabled, replace, depth }: GroupProps) {
  const isAny = 'any' in group;
  const filters = isAny ? group.any : group.all;
  return (
    <div className="rule-group" role="group" aria-label={isAny ? 'Any of these' : 'All of these'}>
      <div className="row">
        <Select
          size="xs"
          w={170}
          aria-label="How the rules of the group go together"
          allowDeselect={false}
          disabled={disabled}
          data={[
            { value: 'any', label: 'Any of these holds' },
            { value: 'all', label: 'All of these hold' },
          ]}
          value={isAny ? 'any' : 'all'}
          onChange={(value) => replace(value === 'any' ? { any: filters } : { all: filters })}
        />
        <ActionIcon
          variant="subtle"
          color="gray"
          disabled={disabled}
          aria-label="Remove the group"
          onClick={() => replace(null)}
        >
          <IconX size={16} aria-hidden="true" />
        </ActionIcon>
      </div>
      <Rules
        filters={filters}
        properties={properties}
        disabled={disabled}
        depth={depth + 1}
        change={(next) => replace(isAny ? { any: next } : { all: next })}
      />
    </div>
  );
}

interface RuleRowProps {
  readonly rule: Rule;
  readonly number: number;
  readonly properties: readonly SourceProperty[];
  readonly disabled: boolean;
  readonly replace: (filter: Filter | null) => void;
}

const needsNoValue = new Set<FilterOperator>(['is_set', 'is_not_set']);
const takesSeveral = new Set<FilterOperator>(['in', 'not_in']);

function RuleRow({ rule, number, properties, disabled, replace }: RuleRowProps) {
  const setOperator = (operator: FilterOperator): void => {
    const { property, value } = rule;
    if (needsNoValue.has(operator)) return replace({ property, operator });
    const texts = value === undefined ? [] : typeof value === 'string' ? [value] : value;
    const filled = texts.filter((text) => text !== '');
    return replace({ property, operator, value: takesSeveral.has(operator) ? filled : (filled[0] ?? '') });
  };
  return (
    <div className="rule" role="group" aria-label={`Rule ${number}`}>
      <PropertySelect
        label="Property"
        labelShown={number === 1}
        properties={properties}
        disabled={disabled}
        value={rule.property}
        change={(property) => replace({ ...rule, property })}
      />
      <Select
        size="sm"
        {...(number === 1 ? { label: 'Compares' } : { 'aria-label': 'Compares' })}
        allowDeselect={false}
        disabled={disabled}
        data={operators.map((value) => ({ value, label: operatorWords[value] }))}
        value={rule.operator}
        onChange={(value) => setOperator(oneOf(operators, value ?? undefined) ?? rule.operator)}
      />
      {needsNoValue.has(rule.operator) ? (
        <span />
      ) : (
        <RuleValue {...{ rule, number, properties, disabled, replace }} />
      )}
      <ActionIcon
        variant="subtle"
        color="gray"
        disabled={disabled}
        style={{ marginBottom: 4 }}
        aria-label={`Remove rule ${number}`}
        onClick={() => replace(null)}
      >
        <IconX size={16} aria-hidden="true" />
      </ActionIcon>
    </div>
  );
}

function RuleValue({ rule, number, properties, disabled, replace }: RuleRowProps) {
  const options = properties.find(({ name }) => name === rule.property)?.options ?? [];
  const naming = number === 1 ? { label: 'Value' } : { 'aria-label': 'Value' };
  if (takesSeveral.has(rule.operator)) {
    const values = typeof rule.value === 'string' ? [rule.value] : [...(rule.value ?? [])];
    const change = (next: string[]): void => replace({ ...rule, value: next });
    return options.length > 0 ? (
      <MultiSelect
        size="sm"
        {...naming}
        searchable
        disabled={disabled}
        data={[...options]}
        value={values}
        onChange={change}
      />
    ) : (
      <TagsInput
        size="sm"
        {...naming}
        disabled={disabled}
        value={values}
        onChange={change}
        placeholder="Enter after each"
      />
    );
  }
  const value = typeof rule.value === 'string' ? rule.value : '';
  if (options.length > 0 && rule.operator !== 'contains') {
    return (
      <Select
        size="sm"
        {...naming}
        searchable
        allowDeselect={false}
        disabled={disabled}
        data={[...options]}
        value={value === '' ? null : value}
        onChange={(next) => replace({ ...rule, value: next ?? '' })}
      />
    );
  }
  return (
    <TextInput
      size="sm"
      {...naming}
      disabled={disabled}
      value={value}
      onChange={(event) => replace({ ...rule, value: event.currentTarget.value })}
    />
  );
}
