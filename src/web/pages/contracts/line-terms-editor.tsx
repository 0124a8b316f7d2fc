import { Button, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type RecognitionMethodWire, recognitionMethods } from '../../../contract/contracts-wire.ts';
import { recognitionWords } from '../../format/words.ts';
import { Amount } from '../../parts/amount.tsx';
import { Name } from '../../parts/name.tsx';
import { isPromised, type LineForm } from './activation-form.ts';
import { MilestonesEditor } from './milestones-editor.tsx';

const methodChoices = recognitionMethods.map((value) => ({ value, label: recognitionWords[value] }));

interface LineTermsEditorProps {
  readonly lines: readonly LineForm[];
  readonly change: (lines: readonly LineForm[]) => void;
  readonly currency: string;
  readonly errors: Readonly<Record<string, string>>;
}

/** For each line: how its revenue is recognised, from when to when, and what it costs on its own. */
export function LineTermsEditor({ lines, change, currency, errors }: LineTermsEditorProps) {
  const set = (position: number, part: Partial<LineForm>): void =>
    change(lines.map((line) => (line.position === position ? { ...line, ...part } : line)));
  return (
    <section className="stack" aria-labelledby="terms">
      <h2 id="terms" style={{ margin: 0 }}>
        Performance obligations
      </h2>
      {lines.length > 1 ? <AllLines lines={lines} change={change} /> : null}
      {lines.map((line) => (
        <fieldset key={line.position} className="card stack-tight">
          <legend>
            <Name text={line.description} whole /> · <Amount amount={line.amount} currency={currency} />
          </legend>
          {isPromised(line) ? null : (
            <p className="soft" style={{ margin: 0 }}>
              {line.amount.startsWith('-')
                ? 'A discount: it falls on all obligations alike.'
                : 'It has no price, so nothing falls on it. If the customer would pay for it on its own, give it a stand-alone price.'}
            </p>
          )}
          {line.amount.startsWith('-') ? null : (
            <LineTerms line={line} errors={errors} set={(part) => set(line.position, part)} />
          )}
          {errors[`line ${line.position}`] ? (
            <p role="alert" className="field-error">
              {errors[`line ${line.position}`]}
            </p>
          ) : null}
        </fieldset>
      ))}
    </section>
  );
}

interface LineTermsProps {
  readonly line: LineForm;
  readonly errors: Readonly<Record<string, string>>;
  readonly set: (part: Partial<LineForm>) => void;
}

function LineTerms({ line, errors, set }: LineTermsProps) {
  const error = (name: string): string | undefined => errors[`line ${line.position} ${name}`];
  return (
    <>
      <div className="terms">
        <Select
          label="Recognition"
          allowDeselect={false}
          data={methodChoices}
          value={line.recognition}
          error={error('recognition')}
          onChange={(value) => {
            const recognition = methodOf(value);
            if (recognition) set({ recognition });
          }}
        />
        <TextInput
          label="Stand-alone price"
          inputMode="decimal"
          value={line.standalone}
          error={error('standalone')}
          onChange={(event) => set({ standalone: event.currentTarget.value })}
        />
        <TextInput
          label="Service starts"
          type="date"
          value={line.serviceStart}
          error={error('serviceStart')}
          onChange={(event) => set({ serviceStart: event.currentTarget.value })}
        />
        <TextInput
          label="Service ends"
          type="date"
          value={line.serviceEnd}
          error={error('serviceEnd')}
          onChange={(event) => set({ serviceEnd: event.currentTarget.value })}
        />
      </div>
      {line.recognition === 'milestone' ? (
        <MilestonesEditor
          milestones={line.milestones}
          change={(milestones) => set({ milestones })}
          error={error('milestones')}
        />
      ) : null}
    </>
  );
}

function methodOf(value: string | null): RecognitionMethodWire | undefined {
  return recognitionMethods.find((method) => method === value);
}

interface AllLinesProps {
  readonly lines: readonly LineForm[];
  readonly change: (lines: readonly LineForm[]) => void;
}

/** Sets what is filled in on every line at once: most contracts have one service period. */
function AllLines({ lines, change }: AllLinesProps) {
  const [recognition, setRecognition] = useState<string | null>(null);
  const [serviceStart, setServiceStart] = useState('');
  const [serviceEnd, setServiceEnd] = useState('');
  const method = methodOf(recognition);
  const apply = (): void =>
    change(
      lines.map((line) => ({
        ...line,
        ...(method ? { recognition: method } : {}),
        ...(serviceStart === '' ? {} : { serviceStart }),
        ...(serviceEnd === '' ? {} : { serviceEnd }),
      })),
    );
  return (
    <fieldset className="card stack-tight">
      <legend>All lines</legend>
      <div className="row row-end">
        <Select
          label="Recognition of all lines"
          placeholder="As they are"
          clearable
          clearButtonProps={{ 'aria-label': 'As they are' }}
          data={methodChoices}
          value={recognition}
          onChange={setRecognition}
        />
        <TextInput
          label="All start"
          type="date"
          value={serviceStart}
          onChange={(event) => setServiceStart(event.currentTarget.value)}
        />
        <TextInput
          label="All end"
          type="date"
          value={serviceEnd}
          onChange={(event) => setServiceEnd(event.currentTarget.value)}
        />
        <Button
          variant="default"
          disabled={!method && serviceStart === '' && serviceEnd === ''}
          onClick={apply}
        >
          Set on all {lines.length} lines
        </Button>
      </div>
    </fieldset>
  );
}
