import { describe, expect, test } from 'vitest';
import { chunksOf, mapConcurrently, prefetchOne } from './map-concurrently.ts';

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

describe('Concurrent work', () => {
  test('keeps the order and the limit', async () => {
    let running = 0;
    let most = 0;
    const doubled = await mapConcurrently([5, 1, 4, 2, 3], 2, async (value) => {
      running += 1;
      most = Math.max(most, running);
      await pause(value);
      running -= 1;
      return value * 2;
    });
    expect(doubled).toEqual([10, 2, 8, 4, 6]);
    expect(most).toBe(2);
  });

  test('begins nothing more after an error and leaves nothing running', async () => {
    const ended: number[] = [];
    const work = mapConcurrently([1, 2, 3, 4], 2, async (value) => {
      await pause(value * 5);
      ended.push(value);
      if (value === 1) throw new Error('one');
    });
    await expect(work).rejects.toThrow('one');
    expect(ended).toEqual([1, 2]);
  });

  test('cuts into chunks', () => {
    expect(chunksOf([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
    expect(chunksOf([], 2)).toEqual([]);
  });
});

describe('Reading one ahead', () => {
  test('makes the next item while the last is used, and no more', async () => {
    const made: number[] = [];
    async function* numbers(): AsyncGenerator<number> {
      for (let value = 1; value <= 4; value += 1) {
        await pause(1);
        made.push(value);
        yield value;
      }
    }
    const aheadBy: number[] = [];
    for await (const value of prefetchOne(numbers())) {
      await pause(10);
      aheadBy.push(made.length - value);
    }
    expect(aheadBy).toEqual([1, 1, 1, 0]);
  });

  test('throws an error where its item would have come', async () => {
    const source = async function* (): AsyncGenerator<number> {
      yield 1;
      await pause(1);
      throw new Error('second');
    };
    const seen: number[] = [];
    const reading = (async () => {
      for await (const value of prefetchOne(source())) {
        await pause(5);
        seen.push(value);
      }
    })();
    await expect(reading).rejects.toThrow('second');
    expect(seen).toEqual([1]);
  });

  test('ends the source when the consumer stops', async () => {
    let ended = false;
    const source = async function* (): AsyncGenerator<number> {
      try {
        for (let value = 1; ; value += 1) yield value;
      } finally {
        ended = true;
        await pause(0);
      }
    };
    for await (const value of prefetchOne(source())) if (value === 2) break;
    expect(ended).toBe(true);
  });
});
