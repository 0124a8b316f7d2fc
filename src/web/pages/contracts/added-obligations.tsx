import { Button, Select, TextInput } from '@mantine/core';
import { type ContractWire, recognitionMethods } from '../../../contract/contracts-wire.ts';
import { recognitionWords } from '../../format/words.ts';
import type { FieldErrors } from './field-errors.ts';
import { MilestonesEditor } from './milestones-editor.tsx';
import { type AddedForm, type ModificationForm, startAdded } from './modification-form.ts';

interface AddedObligationsProps {
  readonly contract: ContractWire;
  readonly form: ModificationForm;
  readonly change: (part: Partial<ModificationForm>) => void;
  readonly errors: FieldErrors;
}

/** What the modification promises beside what was promised before. */
export function AddedObligations({ contract, form, change, errors }: AddedObligationsProps) {
  const set = (key: number, part: Partial<AddedForm>): void =>
    change({ added: form.added.map((own) => (own.key === key ? { ...own, ...part } : own)) });
  return (
    <section className="stack" aria-labelledby="added">
      <h2 id="added" style={{ margin: 0 }}>
        Obligations that are added
      </h2>
      {errors['added'] ? (
        <p role="alert" className="field-error">
          {errors['added']}
        </p>
      ) : null}
      {form.added.map((own, index) => (
        <AddedObligation
          key={own.key}
          own={own}
          number={index + 1}
          set={(part) => set(own.key, part)}
          remove={() => change({ added: form.added.filter(({ key }) => key !== own.key) })}
          errors={errors}
        />
      ))}
      <div>
        <Button
          variant="default"
          onClick={() => change({ added: [...form.added, startAdded(contract, form)] })}
        >
          Add an obligation
        </Button>
      </div>
    </section>
  );
}

interface AddedObligationProps {
  readonly own: AddedForm;
  readonly number: number;
  readonly set: (part: Partial<AddedForm>) => void;
  readonly remove: () => void;
  readonly errors: FieldErrors;
}

function AddedObligation({ own, number, set, remove, errors }: AddedObligationProps) {
  const error = (name: string): string | undefined => errors[`addition ${number} ${name}`];
  return (
    <fieldset className="card stack-tight">
      <legend>Addition {number}</legend>
      <div className="terms">
        <TextInput
          label="What is promised"
          required
          maxLength={2000}
          value={own.description}
          error={error('description')}
          onChange={(event) => set({ description: event.currentTarget.value })}
        />
        <TextInput
          label="Stand-alone price"
          required
          inputMode="decimal"
          value={own.standalone}
          error={error('standalone')}
          onChange={(event) => set({ standalone: event.currentTarget.value })}
        />
        <Select
          label="Recognition"
          allowDeselect={false}
          data={recognitionMethods.map((value) => ({ value, label: recognitionWords[value] }))}
          value={own.recognition}
          error={error('recognition')}
          onChange={(value) => {
            const recognition = recognitionMethods.find((method) => method === value);
            if (recognition) set({ recognition });
          }}
        />
        <TextInput
          label="Service starts"
          type="date"
          required
          value={own.serviceStart}
          error={error('serviceStart')}
          onChange={(event) => set({ serviceStart: event.currentTarget.value })}
        />
        <TextInput
          label="Service ends"
          type="date"
          required
          value={own.serviceEnd}
          error={error('serviceEnd')}
          onChange={(event) => set({ serviceEnd: event.currentTarget.value })}
        />
      </div>
      {own.recognition === 'milestone' ? (
        <MilestonesEditor
          milestones={own.milestones}
          change={(milestones) => set({ milestones })}
          error={error('milestones')}
        />
      ) : null}
      {errors[`addition ${number}`] ? (
        <p role="alert" className="field-error">
          {errors[`addition ${number}`]}
        </p>
      ) : null}
      <div>
        <Button variant="subtle" size="sm" onClick={remove} aria-label={`Remove addition ${number}`}>
          Remove
        </Button>
      </div>
    </fieldset>
  );
}
