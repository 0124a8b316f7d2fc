import { describe, expect, test } from 'vitest';
import { createRateLimiter } from './rate-limit.ts';

describe('The rate limit', () => {
  const limit = { burst: 3, perSecond: 2 };

  test('lets a burst through, then as many a second as it says', () => {
    let now = new Date(0);
    const limiter = createRateLimiter(() => now);
    for (let call = 0; call < 3; call += 1) limiter.take('a', limit);
    expect(() => limiter.take('a', limit)).toThrow(
      expect.objectContaining({ code: 'too_many_requests', retryAfterMs: 500 }),
    );
    limiter.take('b', limit);
    now = new Date(500);
    limiter.take('a', limit);
    expect(() => limiter.take('a', limit)).toThrow();
  });

  test('gives no more than the burst after a long rest, and nothing for a clock that goes back', () => {
    let now = new Date(10_000);
    const limiter = createRateLimiter(() => now);
    limiter.take('a', limit);
    now = new Date(3_600_000);
    for (let call = 0; call < 3; call += 1) limiter.take('a', limit);
    now = new Date(0);
    expect(() => limiter.take('a', limit)).toThrow();
  });
});
