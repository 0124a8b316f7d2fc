import type { z } from 'zod';
import type {
  activationWire,
  ContractWire,
  RecognitionMethodWire,
} from '../../../contract/contracts-wire.ts';
import { isZeroAmount } from '../../format/amount.ts';

export interface MilestoneForm {
  readonly key: number;
  readonly name: string;
  readonly weight: string;
}

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
      milestones: [{ key: 1, name: '', weight: '1' }],
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
    ...(recognition === 'milestone'
      ? { milestones: milestones.map(({ name, weight }) => ({ name: name.trim(), weight: Number(weight) })) }
      : {}),
  };
}

/**
 * What the API says of a field, under the name that the page has for it: `line 3`, `line 3 serviceEnd`, `line 3 milestones`, `bill 0 date`,
 * `billings`. The API names a line by its position when the line as a whole is wrong, and by its place in the request when one of
 * its values is.
 */
export function fieldErrors(
  fields: readonly { readonly field: string; readonly message: string }[],
  body: ActivationBody,
): Readonly<Record<string, string>> {
  const errors: Record<string, string> = {};
  for (const { field, message } of fields) {
    const name = nameOf(field, body);
    errors[name] = errors[name] === undefined ? message : `${errors[name]} ${message}`;
  }
  return errors;
}

function nameOf(field: string, body: ActivationBody): string {
  const whole = /^lines\.(\d+)$/.exec(field);
  if (whole) return `line ${whole[1]}`;
  const part = /^(lines|billings)\.(\d+)\.(\w+)/.exec(field);
  if (!part) return field;
  const [, list, place = '0', name] = part;
  return list === 'billings'
    ? `bill ${place} ${name}`
    : `line ${body.lines?.[Number(place)]?.position ?? place} ${name}`;
}
