import { describe, expect, test } from 'vitest';
import { attemptMsMax, createSignInAttempts, failedAttemptsMax, pairsMax } from './sign-in-attempts.ts';

function attemptsAt() {
  let now = new Date('2026-03-01T08:00:00Z');
  const attempts = createSignInAttempts(() => now);
  return {
    attempts,
    pass: (ms: number) => {
      now = new Date(now.getTime() + ms);
    },
    fail: (times: number, email = 'a@example.com', address = '10.0.0.1') => {
      for (let time = 0; time < times; time += 1) attempts.begin(email, address);
    },
  };
}

describe('Attempts to sign in', () => {
  test('are stopped after the limit, with the time until they are welcome again', () => {
    const { attempts, pass, fail } = attemptsAt();
    fail(failedAttemptsMax);
    pass(60_000);
    expect(() => attempts.begin('a@example.com', '10.0.0.1')).toThrow(
      expect.objectContaining({ code: 'too_many_attempts', retryAfterMs: attemptMsMax - 60_000 }),
    );
    pass(attemptMsMax - 60_000);
    fail(failedAttemptsMax);
  });

  test('of others and from elsewhere count for themselves', () => {
    const { fail } = attemptsAt();
    fail(failedAttemptsMax);
    fail(failedAttemptsMax, 'b@example.com');
    fail(failedAttemptsMax, 'a@example.com', '10.0.0.2');
  });

  test('are forgotten with the first one that succeeds', () => {
    const { attempts, fail } = attemptsAt();
    fail(failedAttemptsMax - 1);
    attempts.succeed('a@example.com', '10.0.0.1');
    fail(failedAttemptsMax);
  });

  test('from a flood of addresses push out the oldest and take no more memory', () => {
    const { attempts, fail } = attemptsAt();
    fail(failedAttemptsMax);
    for (let index = 0; index < pairsMax; index += 1) attempts.begin('a@example.com', `flood ${index}`);
    fail(1);
  });
});
