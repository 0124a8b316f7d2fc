import type { z } from 'zod';
import type {
  activationWire,
  ContractWire,
  RecognitionMethodWire,
} from '../../../contract/contracts-wire.ts';
import { isZeroAmount } from '../../format/amount.ts';
import { emptyMilestone, type MilestoneForm, milestonesBody } from './milestone-form.ts';
import { type FieldErrors, fieldErrors, type FieldProblem } from './field-errors.ts';

/** A line of a draft contract as it is typed. Empty: as the deal has it. */
export interface LineForm {
  readonly position: number;
  readonly description: string;
  /** What the line comes to after its discount, without tax. */
  readonly amount: string;
  /** Below zero, or without a price: no obligation, unless somebody gives it a stand-alone price. */
  readonly isObligation: boolean;
  readonly recognition: RecognitionMethodWire;
  readonly serviceStart: string;
  readonly serviceEnd: string;
  readonly standalone: string;
  readonly milestones: readonly MilestoneForm[];
}

export interface BillForm {
  readonly key: number;
  readonly date: string;
  readonly amount: string;
}

export type ActivationBody = z.input<typeof activationWire>;
type LineBody = NonNullable<ActivationBody['lines']>[number];

/** The lines of the draft with the terms that activating it would give them. */
export function linesOf({ document, obligations }: ContractWire): LineForm[] {
  return document.lines.map(({ position, description, amount }) => {
    const own = obligations.find((obligation) => obligation.position === position);
    return {
      position,
      description,
      amount,
      isObligation: own !== undefined,
      recognition: own?.recognition ?? 'daily',
      serviceStart: own?.serviceStart ?? '',
      serviceEnd: own?.serviceEnd ?? '',
      standalone: own?.standalone ?? '',
      milestones: [emptyMilestone],
    };
  });
}

/** What is asked of the API: of each obligation everything that the page shows, so that what was seen is what is made. */
export function activationBody(
  billing: NonNullable<ActivationBody['billing']>,
  bills: readonly BillForm[],
  lines: readonly LineForm[],
): ActivationBody {
  return {
    billing,
    ...(billing === 'custom'
      ? { billings: bills.map(({ date, amount }) => ({ date, amount: amount.trim() })) }
      : {}),
    lines: lines.filter(isPromised).map(lineBody),
  };
}

export function isPromised({ isObligation, standalone }: LineForm): boolean {
  return isObligation || (standalone.trim() !== '' && !isZeroAmount(standalone.trim()));
}

function lineBody(line: LineForm): LineBody {
  const { position, recognition, serviceStart, serviceEnd, standalone, milestones } = line;
  return {
    position,
    recognition,
    ...(serviceStart === '' ? {} : { serviceStart }),
    ...(serviceEnd === '' ? {} : { serviceEnd }),
    ...(standalone.trim() === '' ? {} : { standalone: standalone.trim() }),
    ...(recognition === 'milestone' ? { milestones: milestonesBody(milestones) } : {}),
  };
}

/** What the API says of the fields of an activation, by the names that the page has for them. */
export function activationErrors(fields: readonly FieldProblem[], body: ActivationBody): FieldErrors {
  return fieldErrors(fields, {
    lines: { word: 'line', positions: (body.lines ?? []).map(({ position }) => position) },
    billings: { word: 'bill' },
  });
}
