import { describe, expect, test } from 'vitest';
import { createRateBudgets, type RateBudgets } from './rate-budgets.ts';

/** A clock that jumps to the end of each sleep, so that ten seconds take none. */
function jumpingClock(): {
  now: () => number;
  sleep: (ms: number) => Promise<void>;
  advance: (ms: number) => void;
} {
  let time = 1_000_000;
  return {
    now: () => time,
    sleep: async (ms) => {
      await Promise.resolve();
      time += ms;
    },
    advance: (ms) => {
      time += ms;
    },
  };
}

const never = new AbortController().signal;

async function takeTimes(budgets: RateBudgets, calls: number, now: () => number): Promise<number[]> {
  const start = now();
  const times: number[] = [];
  for (let call = 0; call < calls; call += 1) {
    await budgets.take('search', never);
    times.push(now() - start);
  }
  return times;
}

describe('Rate budgets', () => {
  test('never let more calls go within any window than the limit', async () => {
    const clock = jumpingClock();
    const budgets = createRateBudgets(clock);
    budgets.configure('search', { calls: 5, windowMs: 1_000 });
    const times = await takeTimes(budgets, 50, clock.now);
    for (let last = 5; last < times.length; last += 1) {
      expect((times[last] ?? 0) - (times[last - 5] ?? 0)).toBeGreaterThanOrEqual(1_000);
    }
    expect(times.at(-1)).toBe(9_000);
  });

  test('keep buckets apart', async () => {
    const clock = jumpingClock();
    const budgets = createRateBudgets(clock);
    budgets.configure('search', { calls: 1, windowMs: 10_000 });
    budgets.configure('general', { calls: 1, windowMs: 10_000 });
    const start = clock.now();
    await budgets.take('search', never);
    await budgets.take('general', never);
    expect(clock.now()).toBe(start);
    expect(budgets.waitMs('search')).toBe(10_000);
  });

  test('hold a paused bucket until then', async () => {
    const clock = jumpingClock();
    const budgets = createRateBudgets(clock);
    budgets.pause('search', clock.now() + 3_000);
    expect(await takeTimes(budgets, 2, clock.now)).toEqual([3_000, 3_000]);
  });

  test('count what others used of the same limit', async () => {
    const clock = jumpingClock();
    const budgets = createRateBudgets(clock);
    budgets.configure('search', { calls: 10, windowMs: 1_000 });
    await budgets.take('search', never);
    budgets.observe('search', 2);
    expect(await takeTimes(budgets, 3, clock.now)).toEqual([0, 0, 1_000]);
  });

  test('take nothing off when the vendor tells what we know', async () => {
    const clock = jumpingClock();
    const budgets = createRateBudgets(clock);
    budgets.configure('search', { calls: 3, windowMs: 1_000 });
    await budgets.take('search', never);
    budgets.observe('search', 2);
    expect(await takeTimes(budgets, 2, clock.now)).toEqual([0, 0]);
  });

  test('serve those who wait in the order in which they came, without those who left', async () => {
    const budgets = createRateBudgets({ now: Date.now });
    budgets.configure('search', { calls: 1, windowMs: 30 });
    const served: string[] = [];
    const leaving = new AbortController();
    const take = (name: string, signal: AbortSignal): Promise<void> =>
      budgets.take('search', signal).then(
        () => void served.push(name),
        () => void served.push(`${name} left`),
      );
    const all = [
      take('first', never),
      take('second', never),
      take('third', leaving.signal),
      take('fourth', never),
    ];
    leaving.abort();
    await Promise.all(all);
    expect(served.filter((name) => !name.endsWith('left'))).toEqual(['first', 'second', 'fourth']);
    expect(served).toContain('third left');
  });

  test('give a raised limit to those who wait at once', async () => {
    const budgets = createRateBudgets({ now: Date.now });
    budgets.configure('search', { calls: 1, windowMs: 60_000 });
    await budgets.take('search', never);
    const waiting = budgets.take('search', never);
    budgets.configure('search', { calls: 2, windowMs: 60_000 });
    await expect(waiting).resolves.toBeUndefined();
  });

  test('refuse a call that is canceled already', async () => {
    const budgets = createRateBudgets({ now: Date.now });
    await expect(budgets.take('search', AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
  });
});
