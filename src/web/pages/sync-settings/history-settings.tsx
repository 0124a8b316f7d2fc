import { Radio, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ProblemList } from '../mapping/problem-list.tsx';
import { type LoadedEditor, problemsOf } from '../mapping/use-configuration-draft.ts';

function today(): string {
  const now = new Date();
  const part = (value: number): string => String(value).padStart(2, '0');
  return `${now.getFullYear()}-${part(now.getMonth() + 1)}-${part(now.getDate())}`;
}

/** How far back deals make documents: the whole history, or from a day on. */
export function HistorySettings({ editor }: { readonly editor: LoadedEditor }) {
  const { deals, history } = editor.settings;
  const [isDated, setIsDated] = useState(deals.cutoff !== null);
  const setCutoff = (day: string | null, mode: 'all' | 'from_today' | 'from'): void => {
    editor.setMany([
      [['deals', 'cutoff'], day],
      [['history'], { mode, from: day }],
    ]);
  };
  const mode = deals.cutoff === null ? 'all' : history.mode === 'from_today' ? 'from_today' : 'from';
  return (
    <div className="stack-tight">
      <Radio.Group
        label="How far back"
        value={mode}
        onChange={(next) => {
          setIsDated(next !== 'all');
          if (next === 'all') setCutoff(null, 'all');
          if (next === 'from_today') setCutoff(today(), 'from_today');
          if (next === 'from') setCutoff(deals.cutoff ?? today(), 'from');
        }}
      >
        <div className="stack-tight" style={{ gap: '0.4rem', marginTop: '0.4rem' }}>
          <Radio value="all" label="Whole history" disabled={editor.readOnly} />
          <Radio
            value="from_today"
            label="Start fresh from today"
            description="Deals that closed before make nothing."
            disabled={editor.readOnly}
          />
          <Radio value="from" label="From a day on" disabled={editor.readOnly} />
        </div>
      </Radio.Group>
      {isDated && deals.cutoff !== null ? (
        <TextInput
          type="date"
          label="Deals closed before this day make nothing"
          disabled={editor.readOnly || mode === 'from_today'}
          value={deals.cutoff}
          onChange={(event) => event.currentTarget.value && setCutoff(event.currentTarget.value, 'from')}
        />
      ) : null}
      <ProblemList problems={[...problemsOf(editor, 'deals.cutoff'), ...problemsOf(editor, 'history')]} />
    </div>
  );
}
