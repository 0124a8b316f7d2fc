import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutWindow, fitsSearch, type SearchWindow } from './search-window.ts';
import type { CrmRecord } from './wire.ts';

const covers = (window: SearchWindow, parts: readonly SearchWindow[]): void => {
  const byId = window.toMs - window.fromMs <= 1;
  const bounds = parts.map((part): [number, number] =>
    byId ? [part.fromId ?? -1, part.toId ?? -1] : [part.fromMs, part.toMs],
  );
  expect(bounds[0]?.[0]).toBe(byId ? (window.fromId ?? 0) : window.fromMs);
  expect(bounds.at(-1)?.[1]).toBe(byId ? (window.toId ?? Number.MAX_SAFE_INTEGER) : window.toMs);
  for (const [index, [from, to]] of bounds.entries()) {
    expect(to).toBeGreaterThan(from);
    if (index > 0) expect(from).toBe(bounds[index - 1]?.[1]);
  }
  expect(parts.length).toBeGreaterThan(1);
};

const rowAt = (value: number): CrmRecord => ({
  id: String(value),
  properties: { hs_lastmodifieddate: String(value) },
});

describe('A window of more rows than a query gives', () => {
  test('is cut by time without gaps', () => {
    const window: SearchWindow = { type: 'deal', fromMs: 1_000, toMs: 90_001_000 };
    const parts = cutWindow(window, 100_000, []);
    covers(window, parts);
    expect(parts.length).toBe(12);
  });

  test('is cut around the rows where they lie close together', () => {
    const window: SearchWindow = { type: 'deal', fromMs: 1_000_000_000, toMs: 1_090_000_000 };
    const parts = cutWindow(window, 10_500, [rowAt(1_050_000_000), rowAt(1_050_000_000)]);
    covers(window, parts);
    expect(parts).toContainEqual({ ...window, fromMs: 1_050_000_000, toMs: 1_050_000_001 });
    expect(parts.length).toBeLessThan(10);
  });

  test('is cut without gaps wherever it lies', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e13 }),
        fc.integer({ min: 2, max: 1e9 }),
        fc.integer({ min: 10_001, max: 1e7 }),
        fc.array(fc.integer({ min: 1, max: 1e13 })),
        (fromMs, length, total, times) => {
          const window: SearchWindow = { type: 'deal', fromMs, toMs: fromMs + length };
          covers(window, cutWindow(window, total, times.map(rowAt)));
        },
      ),
    );
  });

  test('is cut by id where all rows share one millisecond', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1e11 })),
        fc.integer({ min: 0, max: 1e12 }),
        (ids, fromId) => {
          const window: SearchWindow = { type: 'deal', fromMs: 5, toMs: 6, fromId, toId: fromId + 1_000_000 };
          covers(window, cutWindow(window, 30_000, ids.map(rowAt)));
        },
      ),
    );
  });
});

test('a long list of properties does not fit a search', () => {
  const names = (count: number): string[] =>
    Array.from({ length: count }, (_, index) => `custom_property_${index}`);
  expect(fitsSearch('deal', names(50))).toBe(true);
  expect(fitsSearch('deal', names(200))).toBe(false);
});
