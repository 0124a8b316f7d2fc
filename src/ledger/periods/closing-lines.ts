import { amountMinorMax } from '../../kernel/money.ts';
import type { NewJournalLine } from '../journal-store.ts';

/** What is on an income or expense account in one currency: positive sums are debits, in minor units. */
export interface AccountNet {
  readonly accountId: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  /** In minor units of the base currency. It can stand on the other side than the amount: rates differ from day to day. */
  readonly baseMinor: bigint;
}

/**
 * The lines that bring these accounts to zero, and what is left to retained earnings, currency by currency, so that the entry balances
 * in each of them and in the base. No nets: no lines.
 */
export function closingLines(nets: readonly AccountNet[], retainedEarningsId: string): NewJournalLine[] {
  const lines = nets.flatMap(({ accountId, currency, amountMinor, baseMinor }) =>
    linesOf({ accountId, currency, amountMinor: -amountMinor, baseMinor: -baseMinor }),
  );
  const results = new Map<string, { amountMinor: bigint; baseMinor: bigint }>();
  for (const { currency, amountMinor, baseMinor } of nets) {
    const sum = results.get(currency) ?? { amountMinor: 0n, baseMinor: 0n };
    results.set(currency, {
      amountMinor: sum.amountMinor + amountMinor,
      baseMinor: sum.baseMinor + baseMinor,
    });
  }
  const rest = [...results].flatMap(([currency, sums]) =>
    linesOf({ accountId: retainedEarningsId, currency, ...sums }),
  );
  return [...lines, ...rest];
}

/**
 * One line where the amount and its base fit on one side; else the amount alone and the base alone, each in parts that a line can hold:
 * a year of the largest amounts is more than one line may carry.
 */
function linesOf(line: NewJournalLine): NewJournalLine[] {
  const { amountMinor, baseMinor } = line;
  const fits = isInRange(amountMinor) && isInRange(baseMinor);
  const isOneSided = amountMinor * baseMinor >= 0n;
  if (fits && isOneSided) return amountMinor === 0n && baseMinor === 0n ? [] : [line];
  return [
    ...partsOf(amountMinor).map((part) => ({ ...line, amountMinor: part, baseMinor: 0n })),
    ...partsOf(baseMinor).map((part) => ({ ...line, amountMinor: 0n, baseMinor: part })),
  ];
}

const isInRange = (minor: bigint): boolean => minor <= amountMinorMax && minor >= -amountMinorMax;

function partsOf(minor: bigint): bigint[] {
  const parts: bigint[] = [];
  const sign = minor < 0n ? -1n : 1n;
  for (let rest = minor * sign; rest > 0n; rest -= amountMinorMax) {
    parts.push(sign * (rest > amountMinorMax ? amountMinorMax : rest));
  }
  return parts;
}
