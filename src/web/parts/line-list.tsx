import { Button } from '@mantine/core';
import type { ReactNode } from 'react';

interface LineListProps<Line extends { readonly key: string }> {
  readonly lines: readonly Line[];
  readonly change: (lines: readonly Line[]) => void;
  readonly emptyLine: () => Line;
  /** The fields of one line; `set` changes a part of it. */
  readonly children: (line: Line, set: (part: Partial<Line>) => void) => ReactNode;
}

/** Lines of a document as they are typed: one at least, each can be removed. */
export function LineList<Line extends { readonly key: string }>(props: LineListProps<Line>) {
  const { lines, change, emptyLine, children } = props;
  return (
    <>
      {lines.map((line, index) => (
        <fieldset key={line.key} className="card stack-tight">
          <legend>Line {index + 1}</legend>
          <div className="columns" style={{ gap: '0.75rem' }}>
            {children(line, (part) =>
              change(lines.map((other) => (other.key === line.key ? { ...other, ...part } : other))),
            )}
          </div>
          <div>
            <Button
              variant="subtle"
              size="compact-sm"
              disabled={lines.length === 1}
              onClick={() => change(lines.filter(({ key }) => key !== line.key))}
            >
              Remove line {index + 1}
            </Button>
          </div>
        </fieldset>
      ))}
      <div>
        <Button variant="default" onClick={() => change([...lines, emptyLine()])}>
          Add a line
        </Button>
      </div>
    </>
  );
}
