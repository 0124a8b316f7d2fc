import fc from 'fast-check';
import { TributaryError } from '../../src/kernel/errors.ts';
import type { Database } from '../../src/platform/database/database.ts';
import { compareBooks, compareStatements } from './compare-books.ts';
import { checkInvariants, type KeptEntries } from './invariants.ts';
import type { ModelBooks } from './model-books.ts';
import { type Round, roundHalfAway } from './model-money.ts';
import { openModelBooks } from './open-books.ts';
import { Difference, type Operation, type Step } from './operation.ts';

export interface SequenceOptions {
  readonly operations: readonly Operation[];
  readonly seed: number;
  readonly sequences: number;
  /** Operations of each sequence; every kind comes at least once in each. */
  readonly length: number;
  /** The whole of the books is laid beside the model after so many operations, and at the end. */
  readonly compareEvery: number;
  readonly round?: Round;
  /** Runs that a counterexample is shortened by. */
  readonly shorteningRunsMax?: number;
}

/** How often a kind was done and how often it was refused, as the model said it would be. */
export type Tally = Map<string, { done: number; refused: number }>;

/** A sequence after which books and model differ, as short as it could be made. */
export class Counterexample extends Error {
  override readonly name = 'Counterexample';
  readonly invariant: string;
  readonly steps: readonly string[];

  constructor(difference: Difference, steps: readonly string[], seed: number) {
    const told = steps.map((says, index) => `  ${index + 1}. ${says}`).join('\n');
    super(
      `${difference.message}\nAfter ${steps.length} operations (TRIBUTARY_TEST_MODEL_SEED=${seed}):\n${told}`,
    );
    this.invariant = difference.invariant;
    this.steps = steps;
  }
}

/** Runs random sequences, each in an organization of its own. Throws a `Counterexample`. */
export async function runSequences(database: Database, options: SequenceOptions): Promise<Tally> {
  const tally: Tally = new Map();
  const property = fc.asyncProperty(sequencesOf(options), async (steps) => {
    const failure = await runSequence(database, steps, options, tally);
    if (failure) throw failure.difference;
  });
  const { seed, sequences } = options;
  const details = await fc.check(property, { seed, numRuns: sequences, endOnFailure: true });
  if (!details.failed) return tally;
  const [steps] = details.counterexample ?? [];
  if (!steps) throw new Error('A failure has a counterexample', { cause: details.errorInstance });
  throw await shortest(database, steps, options);
}

export function sequencesOf({ operations, length }: SequenceOptions): fc.Arbitrary<Step[]> {
  const once = fc.tuple(...operations.map(({ steps }) => steps));
  const weighted = operations.map(({ steps, weight }) => ({ arbitrary: steps, weight }));
  const size = Math.max(length - operations.length, 0);
  const rest = fc.array(fc.oneof(...weighted), { minLength: size, maxLength: size });
  const places = fc.array(fc.nat(), { minLength: length, maxLength: length });
  const shuffled = fc.tuple(once, rest, places).map(([some, others, keys]) =>
    [...some, ...others]
      .map((step, index) => ({ step, key: keys[index] ?? 0 }))
      .toSorted((left, right) => left.key - right.key)
      .map(({ step }) => step),
  );
  return fc.noBias(shuffled);
}

interface Failure {
  readonly difference: Difference;
  /** What was done up to it, in words. */
  readonly said: readonly string[];
}

export async function runSequence(
  database: Database,
  steps: readonly Step[],
  { compareEvery, round = roundHalfAway }: SequenceOptions,
  tally: Tally = new Map(),
): Promise<Failure | null> {
  const books = await openModelBooks(database, round);
  const kept: KeptEntries = new Map();
  const said: string[] = [];
  try {
    for (const [index, step] of steps.entries()) {
      await runStep(database, books, step, said, tally);
      const isLast = index === steps.length - 1;
      if (isLast || (index + 1) % compareEvery === 0) {
        await database.withOrganization(books.organizationId, async (tx) => {
          await checkInvariants(tx, kept);
          await compareBooks(tx, books);
          if (isLast) await compareStatements(tx, books);
        });
      }
    }
    return null;
  } catch (error) {
    if (error instanceof Difference) return { difference: error, said };
    throw error;
  }
}

async function runStep(
  database: Database,
  books: ModelBooks,
  step: Step,
  said: string[],
  tally: Tally,
): Promise<void> {
  const { says, refusal, run } = step.plan(books);
  said.push(`${says}${refusal === null ? '' : ` (${refusal})`}`);
  const outcome = await database.withOrganization(books.organizationId, run).then(
    (apply) => ({ apply, code: null }),
    (error: unknown) => ({ apply: null, code: codeOf(error) }),
  );
  if (outcome.code !== refusal) {
    throw new Difference('outcome', `${says}: ${outcome.code ?? 'done'}, not ${refusal ?? 'done'}`);
  }
  const counts = tally.get(step.kind) ?? { done: 0, refused: 0 };
  tally.set(step.kind, counts);
  if (outcome.apply === null) counts.refused += 1;
  else {
    counts.done += 1;
    await outcome.apply();
  }
}

/** What is no refusal of the program's is its own fault, and worth a counterexample too. */
const codeOf = (error: unknown): string => {
  if (error instanceof TributaryError) return error.code;
  return error instanceof Error ? `${error.name} ${error.message}` : String(error);
};

/** More runs than these are not worth the wait: a sequence is mostly short after half of them. */
const shorteningRunsUsual = 150;

/** Leaves out steps, first many at once and then one by one, as long as the same invariant does not hold. */
async function shortest(
  database: Database,
  steps: readonly Step[],
  options: SequenceOptions,
): Promise<Counterexample> {
  const strict = { ...options, compareEvery: 1 };
  const { shorteningRunsMax = shorteningRunsUsual } = options;
  const first = (await runSequence(database, steps, strict)) ?? (await runSequence(database, steps, options));
  if (!first) throw new Error('The sequence fails no more when it is run again');
  let failure = first;
  let rest = steps.slice(0, first.said.length);
  let runs = 0;
  for (let size = Math.ceil(rest.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < rest.length && runs < shorteningRunsMax; ) {
      const shorter = rest.toSpliced(start, size);
      runs += 1;
      const next = await runSequence(database, shorter, strict);
      if (next?.difference.invariant === first.difference.invariant) {
        failure = next;
        rest = shorter.slice(0, next.said.length);
      } else start += size;
    }
  }
  return new Counterexample(failure.difference, failure.said, options.seed);
}
