import fc from 'fast-check';
import type { Transaction } from '../../src/platform/database/database.ts';
import { addDays, type ModelBooks, type ModelEntity, periodOf } from './model-books.ts';

/** One call of the program, and what the model says will come of it. */
export interface Deed<Result> {
  /** For a reader of a counterexample: `post draft D3 (USD 12.50)`. */
  readonly says: string;
  /** The code of the error that is expected; null: it succeeds. */
  readonly refusal: string | null;
  readonly act: (tx: Transaction) => Promise<Result>;
  /** Carries out the same in the model; called only where it succeeds. Throws `Difference` where the result is another one. */
  readonly apply: (result: Result) => void | Promise<void>;
}

/** A deed whose result nobody else asks for. */
export interface PlannedDeed {
  readonly says: string;
  readonly refusal: string | null;
  readonly run: (tx: Transaction) => Promise<() => void | Promise<void>>;
}

/** A step of a sequence: chosen from what the books hold when its turn comes, so that every part of a sequence is one too. */
export interface Step {
  readonly kind: string;
  readonly plan: (books: ModelBooks) => PlannedDeed;
}

export interface Operation {
  readonly kind: string;
  /** How often it comes, beside the others. */
  readonly weight: number;
  readonly steps: fc.Arbitrary<Step>;
  /** Whether it is made of nothing that could be refused. */
  readonly neverRefused: boolean;
  /** Whether it is made to be refused. */
  readonly neverDone: boolean;
}

/** A kind of operation. `plan` reads the model and changes nothing. */
export function operation<Params, Result>(
  kind: string,
  weight: number,
  params: fc.Arbitrary<Params>,
  plan: (books: ModelBooks, params: Params) => Deed<Result>,
  { neverRefused = false, neverDone = false } = {},
): Operation {
  const steps = params.map((chosen) => ({
    kind,
    plan: (books: ModelBooks): PlannedDeed => {
      const { says, refusal, act, apply } = plan(books, chosen);
      return {
        says,
        refusal,
        run: async (tx) => {
          const result = await act(tx);
          return () => apply(result);
        },
      };
    },
  }));
  return { kind, weight, steps, neverRefused, neverDone };
}

/** What the books and the model disagree on; `invariant` is the name under which `src/ledger/README.md` has it. */
export class Difference extends Error {
  override readonly name = 'Difference';
  readonly invariant: string;

  constructor(invariant: string, detail: string) {
    super(`${invariant}: ${detail}`);
    this.invariant = invariant;
  }
}

/** A number from which a plan picks. */
export const choice = fc.nat({ max: 9999 });

export function pick<T>(list: readonly T[], number: number): T | undefined {
  return list[number % Math.max(list.length, 1)];
}

/** Five times out of six one that it can succeed with, where there is one. */
export function pickGood<T>(list: readonly T[], isGood: (one: T) => boolean, number: number): T | undefined {
  const good = number % 6 === 0 ? [] : list.filter(isGood);
  return pick(good.length > 0 ? good : list, Math.floor(number / 6));
}

export const pickEntity = (books: ModelBooks, number: number): ModelEntity => {
  const entity = pick(books.entities, number);
  if (!entity) throw new Error('There are entities');
  return entity;
};

/** For what is asked of nothing: no record has this id. */
export const unknownId = '00000000-0000-7000-8000-000000000000';

const firstDay = '2023-11-01';
const days = 182;

/** A day of the half year in which everything happens, not before `from`: mostly in an open month, where there is one. */
export function pickDay(entity: ModelEntity, number: number, from = firstDay): string {
  const wanted = addDays(firstDay, Math.floor(number / 6) % days);
  if (number % 6 === 0) return wanted;
  const last = addDays(firstDay, days - 1);
  let day = wanted < from ? from : wanted;
  while (day <= last && periodOf(entity, day)?.status !== 'open') {
    day = addDays(periodOf(entity, day)?.end ?? day, 1);
  }
  return day <= last ? day : wanted;
}

/** What an arbitrary makes. */
export type Made<Arbitrary> = Arbitrary extends fc.Arbitrary<infer Value> ? Value : never;
