import { Radio, Switch } from '@mantine/core';
import type { ReactNode } from 'react';
import { ProblemList } from './problem-list.tsx';
import { readSetting } from './setting-path.ts';
import { type LoadedEditor, problemsOf } from './use-configuration-draft.ts';

interface ChoiceOption {
  readonly value: string;
  readonly label: string;
  readonly description?: string;
  /** Cannot be chosen, and the description says why. */
  readonly isDisabled?: boolean;
}

interface ChoiceProps {
  readonly editor: LoadedEditor;
  readonly path: readonly string[];
  readonly label: string;
  readonly options: readonly ChoiceOption[];
  readonly help?: ReactNode;
}

/** One of several rules, each said as a sentence. */
export function Choice({ editor, path, label, options, help }: ChoiceProps) {
  const value = readSetting(editor.settings, path);
  return (
    <div className="stack-tight">
      <Radio.Group
        label={label}
        description={help}
        readOnly={editor.readOnly}
        value={typeof value === 'string' ? value : null}
        onChange={(next) => editor.readOnly || editor.set(path, next)}
      >
        <div className="stack-tight" style={{ gap: '0.4rem', marginTop: '0.4rem' }}>
          {options.map((option) => (
            <Radio
              key={option.value}
              value={option.value}
              label={option.label}
              description={option.description}
              disabled={editor.readOnly || (option.isDisabled ?? false)}
            />
          ))}
        </div>
      </Radio.Group>
      <ProblemList problems={problemsOf(editor, path.join('.'))} />
    </div>
  );
}

interface SwitchSettingProps {
  readonly editor: LoadedEditor;
  readonly path: readonly string[];
  readonly label: string;
  readonly description?: string;
}

export function SwitchSetting({ editor, path, label, description }: SwitchSettingProps) {
  return (
    <div className="stack-tight" style={{ marginBottom: '0.75rem' }}>
      <Switch
        label={label}
        description={description}
        disabled={editor.readOnly}
        checked={readSetting(editor.settings, path) === true}
        onChange={(event) => editor.set(path, event.currentTarget.checked)}
      />
      <ProblemList problems={problemsOf(editor, path.join('.'))} />
    </div>
  );
}
