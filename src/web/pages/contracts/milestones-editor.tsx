import { Button, TextInput } from '@mantine/core';
import type { MilestoneForm } from './milestone-form.ts';

interface MilestonesProps {
  readonly milestones: readonly MilestoneForm[];
  readonly change: (milestones: readonly MilestoneForm[]) => void;
  readonly error: string | undefined;
  /** The last one can be taken away, too. */
  readonly mayBeNone?: boolean;
}

/** A milestone's revenue is its weight over the sum of all weights. */
export function MilestonesEditor({ milestones, change, error, mayBeNone = false }: MilestonesProps) {
  const set = (key: number, part: Partial<MilestoneForm>): void =>
    change(milestones.map((milestone) => (milestone.key === key ? { ...milestone, ...part } : milestone)));
  const sum = milestones.reduce((total, { weight }) => total + (Number(weight) || 0), 0);
  return (
    <div className="nested" role="group" aria-label="Milestones">
      {milestones.map(({ key, name, weight }, index) => (
        <div className="row row-end" key={key}>
          <TextInput
            className="grow"
            label={`Milestone ${index + 1}`}
            required
            maxLength={200}
            value={name}
            onChange={(event) => set(key, { name: event.currentTarget.value })}
          />
          <TextInput
            label="Weight"
            aria-label={`Weight of milestone ${index + 1}`}
            type="number"
            min={1}
            max={1_000_000}
            step={1}
            required
            w={110}
            value={weight}
            onChange={(event) => set(key, { weight: event.currentTarget.value })}
          />
          {milestones.length > 1 || mayBeNone ? (
            <Button
              variant="subtle"
              aria-label={`Remove milestone ${index + 1}`}
              onClick={() => change(milestones.filter((milestone) => milestone.key !== key))}
            >
              Remove
            </Button>
          ) : null}
        </div>
      ))}
      <div className="row">
        <Button
          variant="default"
          size="sm"
          onClick={() =>
            change([
              ...milestones,
              { key: Math.max(...milestones.map(({ key }) => key)) + 1, name: '', weight: '1' },
            ])
          }
        >
          Add a milestone
        </Button>
        <span className="soft small">Each gets its weight over {sum} of the price.</span>
      </div>
      {error ? (
        <p role="alert" className="field-error">
          {error}
        </p>
      ) : null}
    </div>
  );
}
