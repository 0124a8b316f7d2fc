import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconArrowRight, IconPlus, IconX } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { readSetting, readSource } from './setting-path.ts';
import { ProblemList } from './problem-list.tsx';
import type { SourceProperty } from './property-select.tsx';
import { SourceEditor } from './source-editor.tsx';
import { type LoadedEditor, problemsOf } from './use-configuration-draft.ts';

export interface MappingTarget {
  readonly path: readonly string[];
  readonly label: string;
  readonly help?: string;
  readonly required?: boolean;
}

interface MappingTableProps {
  readonly label: string;
  readonly editor: LoadedEditor;
  readonly targets: readonly MappingTarget[];
  readonly properties: readonly SourceProperty[];
  /** What the picked deal gives for the target. */
  readonly example: (target: MappingTarget) => ReactNode;
  /** Takes the whole row away: for targets that the user named. */
  readonly canRemove?: boolean;
}

/** CRM field → document field → what a real deal gives. An error stands at its row. */
export function MappingTable({
  label,
  editor,
  targets,
  properties,
  example,
  canRemove = false,
}: MappingTableProps) {
  return (
    <div className="mapping" role="group" aria-label={label}>
      <div className="mapping-row mapping-head" aria-hidden="true">
        <span>In the CRM</span>
        <span />
        <span>In the books</span>
        <span>Of the picked deal</span>
      </div>
      {targets.map((target) => {
        const problems = problemsOf(editor, target.path.join('.'));
        return (
          <div
            key={target.path.join('.')}
            className="mapping-row"
            role="group"
            aria-label={target.label}
            data-problem={problems.some(({ severity }) => severity === 'error') ? 'error' : undefined}
          >
            <SourceEditor
              target={target.label}
              source={readSource(editor.settings, target.path)}
              change={(source) => editor.set(target.path, source)}
              properties={properties}
              canBeNone={!target.required && !canRemove}
              disabled={editor.readOnly}
            />
            <span className="arrow">
              <IconArrowRight size={16} aria-hidden="true" />
            </span>
            <div className="target">
              <bdi dir="auto">{target.label}</bdi>
              {target.required ? <span className="soft small"> (needed)</span> : null}
              {canRemove && !editor.readOnly ? (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="sm"
                  aria-label={`Remove ${target.label}`}
                  onClick={() => editor.set(target.path, undefined)}
                >
                  <IconX size={14} aria-hidden="true" />
                </ActionIcon>
              ) : null}
              {target.help ? <div className="soft small">{target.help}</div> : null}
            </div>
            <div className="example">
              {/* Stands for the head of the column where there is none. */}
              <span className="example-label soft small">Example</span>
              {example(target)}
            </div>
            <ProblemList problems={problems} />
          </div>
        );
      })}
    </div>
  );
}

interface NamedTargetsProps extends Omit<MappingTableProps, 'targets' | 'canRemove'> {
  /** Where the named values stand, such as `deals.fields.dimensions`. */
  readonly path: readonly string[];
  readonly addLabel: string;
  readonly placeholder: string;
}

/** Targets that the user names: dimensions and custom properties. */
export function NamedTargets({ path, addLabel, placeholder, ...table }: NamedTargetsProps) {
  const { editor } = table;
  const [name, setName] = useState('');
  const named = Object.keys((readSetting(editor.settings, path) ?? {}) as Readonly<Record<string, unknown>>);
  const targets = named.map((key): MappingTarget => ({ path: [...path, key], label: key }));
  const add = (): void => {
    const trimmed = name.trim();
    if (trimmed === '' || named.includes(trimmed)) return;
    editor.set([...path, trimmed], '');
    setName('');
  };
  return (
    <div className="stack-tight">
      {targets.length > 0 ? <MappingTable {...table} targets={targets} canRemove /> : null}
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
            label={addLabel}
            placeholder={placeholder}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button
            type="submit"
            size="sm"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden="true" />}
            disabled={name.trim() === ''}
          >
            Add
          </Button>
        </form>
      )}
    </div>
  );
}
