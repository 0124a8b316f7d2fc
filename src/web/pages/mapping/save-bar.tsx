import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { countOf } from '../../format/count.ts';
import { Note, Problem } from '../../parts/note.tsx';
import { ProblemList } from './problem-list.tsx';
import type { ConfigurationEditor } from './use-configuration-draft.ts';

/** Appears with the first change: a comment, discard, and save as a new version. What has errors cannot be saved. */
export function SaveBar({ editor }: { readonly editor: ConfigurationEditor }) {
  const [comment, setComment] = useState('');
  const errors = editor.problems.filter(({ severity }) => severity === 'error');
  if (!editor.isChanged) {
    return editor.savedVersion === undefined ? null : (
      <div style={{ marginTop: '1rem' }}>
        <Note tone="good" live title={`Saved as version ${editor.savedVersion}`}>
          It applies from the next preview or sync on.
        </Note>
      </div>
    );
  }
  return (
    <form
      className="save-bar"
      aria-label="Unsaved changes"
      onSubmit={(event) => {
        event.preventDefault();
        editor.save(comment);
      }}
    >
      <div style={{ flex: '1 1 16rem' }}>
        <TextInput
          size="sm"
          label="Unsaved changes. What is changed, and why?"
          placeholder="For those who read the versions later"
          maxLength={1000}
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
        />
      </div>
      <Button variant="default" size="sm" onClick={editor.discard}>
        Discard
      </Button>
      <Button type="submit" size="sm" loading={editor.isSaving} disabled={errors.length > 0}>
        Save as version {(editor.version ?? 0) + 1}
      </Button>
      {errors.length > 0 ? (
        <details style={{ flexBasis: '100%' }}>
          <summary>{countOf(errors.length, 'error')} to mend before it can be saved</summary>
          <ProblemList problems={errors} />
        </details>
      ) : null}
      <div style={{ flexBasis: '100%' }}>
        <Problem error={editor.saveError} title="It was not saved." />
      </div>
    </form>
  );
}
