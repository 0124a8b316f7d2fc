import type { z } from 'zod';
import type {
  ContractWire,
  modificationMethods,
  modificationWire,
  RecognitionMethodWire,
} from '../../../contract/contracts-wire.ts';
import { sumAmounts } from '../../format/sum.ts';
import { type FieldErrors, fieldErrors, type FieldProblem } from './field-errors.ts';
import { emptyMilestone, type MilestoneForm, milestonesBody } from './milestone-form.ts';

export type ModificationMethod = (typeof modificationMethods)[number];
export type ModificationBody = z.input<typeof modificationWire>;

/** An obligation that is there, as it is to be changed. Empty: as it was. */
export interface ChangedForm {
  readonly position: number;
  readonly description: string;
  readonly cancelled: boolean;
  readonly serviceEnd: string;
  readonly standalone: string;
  /** Further milestones. */
  readonly milestones: readonly MilestoneForm[];
}

export interface AddedForm {
  readonly key: number;
  readonly description: string;
  readonly standalone: string;
  readonly recognition: RecognitionMethodWire;
  readonly serviceStart: string;
  readonly serviceEnd: string;
  readonly milestones: readonly MilestoneForm[];
}

export interface ModificationForm {
  readonly date: string;
  readonly method: ModificationMethod;
  readonly reason: string;
  readonly priceChange: string;
  /** Empty: in the ratio of the contract's tax to its price. */
  readonly taxChange: string;
  readonly changed: readonly ChangedForm[];
  readonly added: readonly AddedForm[];
  readonly billing: NonNullable<ModificationBody['billing']>;
}

/** Nothing changed yet, from today on. */
export function startForm({ obligations }: ContractWire, today: string): ModificationForm {
  return {
    date: today,
    method: 'prospective',
    reason: '',
    priceChange: '',
    taxChange: '',
    changed: obligations.map(({ position, description }) => ({
      position,
      description,
      cancelled: false,
      serviceEnd: '',
      standalone: '',
      milestones: [],
    })),
    added: [],
    billing: 'spread',
  };
}

/** One more obligation, from the day of the change to the end of the contract. */
export function startAdded({ obligations }: ContractWire, { date, added }: ModificationForm): AddedForm {
  const end = obligations.reduce((last, { serviceEnd }) => (serviceEnd > last ? serviceEnd : last), date);
  return {
    key: Math.max(0, ...added.map(({ key }) => key)) + 1,
    description: '',
    standalone: '',
    recognition: 'daily',
    serviceStart: date,
    serviceEnd: end,
    milestones: [emptyMilestone],
  };
}

/** As a contract of its own, an addition costs what it costs alone; otherwise the price change is what was agreed on. */
export function priceChangeOf({ method, added, priceChange }: ModificationForm): string {
  if (method === 'separate') return sumAmounts(added.map(({ standalone }) => standalone.trim()));
  return priceChange.trim() === '' ? '0' : priceChange.trim();
}

export function modificationBody(form: ModificationForm, dryRun: boolean): ModificationBody {
  const { date, method, reason, taxChange, billing } = form;
  return {
    date,
    method,
    reason: reason.trim(),
    priceChange: priceChangeOf(form),
    ...(taxChange.trim() === '' ? {} : { taxChange: taxChange.trim() }),
    obligations: changesOf(form).map(({ position, cancelled, serviceEnd, standalone, milestones }) => ({
      position,
      ...(cancelled ? { cancelled } : {}),
      ...(serviceEnd === '' || cancelled ? {} : { serviceEnd }),
      ...(standalone.trim() === '' || cancelled ? {} : { standalone: standalone.trim() }),
      ...(milestones.length === 0 || cancelled ? {} : { milestones: milestonesBody(milestones) }),
    })),
    added: form.added.map((own) => ({
      description: own.description.trim(),
      standalone: own.standalone.trim(),
      recognition: own.recognition,
      serviceStart: own.serviceStart,
      serviceEnd: own.serviceEnd,
      ...(own.recognition === 'milestone' ? { milestones: milestonesBody(own.milestones) } : {}),
    })),
    billing,
    dryRun,
  };
}

/** What differs from the contract as it is; as a contract of its own, an addition leaves the others as they are. */
function changesOf({ method, changed }: ModificationForm): readonly ChangedForm[] {
  if (method === 'separate') return [];
  return changed.filter(
    ({ cancelled, serviceEnd, standalone, milestones }) =>
      cancelled || serviceEnd !== '' || standalone.trim() !== '' || milestones.length > 0,
  );
}

/** What the API says of the fields of a modification, by the names that the page has for them. */
export function modificationErrors(fields: readonly FieldProblem[], body: ModificationBody): FieldErrors {
  return fieldErrors(fields, {
    obligations: {
      word: 'obligation',
      positions: (body.obligations ?? []).map(({ position }) => position),
    },
    added: { word: 'addition', positions: (body.added ?? []).map((_, index) => index + 1) },
  });
}
