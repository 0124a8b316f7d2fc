import { expect, test } from 'vitest';
import { describeOnBothStores } from '../support/database.ts';
import { allOperations } from './operations/all-operations.ts';
import { runSequences, type Tally } from './run-sequences.ts';

/** The same one each time, so that a change of the code alone turns a test red. */
const seed = Number(process.env['TRIBUTARY_TEST_MODEL_SEED'] ?? 20_241_125);
/** Of each of the two halves, which run on a core each. */
const sequences = Number(process.env['TRIBUTARY_TEST_MODEL_SEQUENCES'] ?? 50);
const length = 200;

/** Half of the sequences: `half` is 0 or 1. */
export function checkRandomBooks(name: string, half: number): void {
  describeOnBothStores(name, (open, kind) => {
    test('are those of the model, and every invariant holds', { timeout: 1_800_000 }, async () => {
      const database = await open();
      const startedAt = performance.now();
      const tally = await runSequences(database, {
        operations: allOperations,
        seed: seed + half,
        sequences,
        length,
        compareEvery: 25,
      });
      const seconds = Math.round((performance.now() - startedAt) / 1000);
      console.log(`${name} on ${kind}, seed ${seed + half}, ${seconds} s:\n${tableOf(tally)}`);
      expect(missingOf(tally)).toEqual([]);
    });
  });
}

/** Fewer sequences than these may leave the rarest success or refusal out. */
const sequencesMin = 40;

/** Kinds that did not come in every sequence, or never were done, or never refused. */
function missingOf(tally: Tally): string[] {
  return allOperations.flatMap(({ kind, neverDone, neverRefused }) => {
    const { done = 0, refused = 0 } = tally.get(kind) ?? {};
    const isRare = sequences < sequencesMin;
    return [
      ...(done + refused < sequences ? [`${kind} in each sequence`] : []),
      ...(done > 0 || neverDone || isRare ? [] : [`${kind} done`]),
      ...(refused > 0 || neverRefused || isRare ? [] : [`${kind} refused`]),
    ];
  });
}

function tableOf(tally: Tally): string {
  const rows = [...tally].toSorted(([left], [right]) => (left < right ? -1 : 1));
  const total = rows.reduce((sum, [, { done, refused }]) => sum + done + refused, 0);
  const lines = rows.map(
    ([kind, { done, refused }]) =>
      `  ${kind.padEnd(36)}${done.toString().padStart(7)} done${refused.toString().padStart(7)} refused`,
  );
  return [...lines, `  ${'operations'.padEnd(36)}${total.toString().padStart(7)}`].join('\n');
}
