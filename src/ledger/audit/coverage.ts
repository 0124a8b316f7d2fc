import { rangesOf } from './id-ranges.ts';

interface Range {
  readonly from: bigint;
  readonly end: bigint;
}

/** Which ids the seals read so far leave out below the greatest one that they cover. */
export interface Coverage {
  /** Takes the ids of the next seal. */
  readonly cover: (multirange: string) => void;
  readonly gaps: () => readonly Range[];
  /** The gaps so far are looked into and need not be kept. */
  readonly forgetGaps: () => void;
}

/** The ids of a chain's seals, in order; most follow the last one, a late one falls into a gap. Memory is that of the gaps. */
export function startCoverage(): Coverage {
  let gaps: Range[] = [];
  let end = 0n;
  const fill = (range: Range): void => {
    gaps = gaps.flatMap((gap) => {
      if (gap.end <= range.from || gap.from >= range.end) return [gap];
      const parts = [
        { from: gap.from, end: range.from },
        { from: range.end, end: gap.end },
      ];
      return parts.filter((part) => part.from < part.end);
    });
  };
  return {
    cover: (multirange) => {
      for (const range of rangesOf(multirange)) {
        if (range.from < end) fill(range);
        else if (range.from > end) gaps.push({ from: end, end: range.from });
        if (range.end > end) end = range.end;
      }
    },
    gaps: () => gaps,
    forgetGaps: () => {
      gaps = [];
    },
  };
}
