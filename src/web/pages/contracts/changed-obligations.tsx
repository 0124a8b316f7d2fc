import { Button, Checkbox, TextInput } from '@mantine/core';
import type { ContractWire } from '../../../contract/contracts-wire.ts';
import { formatDay } from '../../format/date.ts';
import { Amount } from '../../parts/amount.tsx';
import { Name } from '../../parts/name.tsx';
import type { FieldErrors } from './field-errors.ts';
import { emptyMilestone } from './milestone-form.ts';
import { MilestonesEditor } from './milestones-editor.tsx';
import type { ChangedForm, ModificationForm } from './modification-form.ts';

interface ChangedObligationsProps {
  readonly contract: ContractWire;
  readonly form: ModificationForm;
  readonly change: (part: Partial<ModificationForm>) => void;
  readonly errors: FieldErrors;
}

/** The obligations that are there: what is left empty stays as it is. */
export function ChangedObligations({ contract, form, change, errors }: ChangedObligationsProps) {
  const set = (position: number, part: Partial<ChangedForm>): void =>
    change({
      changed: form.changed.map((own) => (own.position === position ? { ...own, ...part } : own)),
    });
  return (
    <section className="stack" aria-labelledby="changed">
      <div>
        <h2 id="changed" style={{ margin: 0 }}>
          Obligations that are there
        </h2>
        <p className="soft" style={{ margin: 0 }}>
          What is left empty stays as it is.
        </p>
      </div>
      {errors['obligations'] ? (
        <p role="alert" className="field-error">
          {errors['obligations']}
        </p>
      ) : null}
      {form.changed.map((own) => {
        const obligation = contract.obligations.find(({ position }) => position === own.position);
        return obligation ? (
          <ChangedObligation
            key={own.position}
            own={own}
            obligation={obligation}
            currency={contract.document.currency}
            isProspective={form.method === 'prospective'}
            set={(part) => set(own.position, part)}
            errors={errors}
          />
        ) : null;
      })}
    </section>
  );
}

interface ChangedObligationProps {
  readonly own: ChangedForm;
  readonly obligation: ContractWire['obligations'][number];
  readonly currency: string;
  readonly isProspective: boolean;
  readonly set: (part: Partial<ChangedForm>) => void;
  readonly errors: FieldErrors;
}

function ChangedObligation(props: ChangedObligationProps) {
  const { own, obligation, currency, isProspective, set, errors } = props;
  const name = `obligation ${own.position}`;
  return (
    <fieldset className="card stack-tight">
      <legend>
        <Name text={obligation.description} whole /> ·{' '}
        <Amount amount={obligation.allocated} currency={currency} />
      </legend>
      {isProspective ? (
        <Checkbox
          label="Cancelled: nothing more of it from the day on"
          checked={own.cancelled}
          onChange={(event) => set({ cancelled: event.currentTarget.checked })}
        />
      ) : null}
      {own.cancelled && isProspective ? null : (
        <>
          <div className="terms">
            <TextInput
              label="Service ends"
              description={`Empty: ${formatDay(obligation.serviceEnd)}`}
              type="date"
              value={own.serviceEnd}
              error={errors[`${name} serviceEnd`]}
              onChange={(event) => set({ serviceEnd: event.currentTarget.value })}
            />
            <TextInput
              label={isProspective ? 'Stand-alone price of the rest' : 'Stand-alone price of the whole'}
              description="Empty: as it was"
              inputMode="decimal"
              value={own.standalone}
              error={errors[`${name} standalone`]}
              onChange={(event) => set({ standalone: event.currentTarget.value })}
            />
          </div>
          {obligation.recognition !== 'milestone' ? null : own.milestones.length === 0 ? (
            <div>
              <Button variant="default" size="sm" onClick={() => set({ milestones: [emptyMilestone] })}>
                Add further milestones
              </Button>
            </div>
          ) : (
            <MilestonesEditor
              milestones={own.milestones}
              change={(milestones) => set({ milestones })}
              error={errors[`${name} milestones`]}
              mayBeNone
            />
          )}
        </>
      )}
      {errors[name] ? (
        <p role="alert" className="field-error">
          {errors[name]}
        </p>
      ) : null}
    </fieldset>
  );
}
