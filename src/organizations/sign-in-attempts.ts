import { TributaryError } from '../kernel/errors.ts';

/** Failed attempts of one e-mail address from one network address before it has to wait: beyond, guessing becomes cheap. */
export const failedAttemptsMax = 5;
/** How long a failed attempt counts. */
export const attemptMsMax = 15 * 60_000;
/** Pairs that are remembered at once; beyond, the oldest is forgotten, so that a flood of addresses costs no memory. */
export const pairsMax = 10_000;

export interface SignInAttempts {
  /** Counts an attempt before it is judged, so that many at once gain nothing. Errors: too_many_attempts. */
  readonly begin: (email: string, address: string) => void;
  /** Forgets the attempts of a pair that got in. */
  readonly succeed: (email: string, address: string) => void;
}

/** Remembers attempts in this process: several processes allow as many times more, which is still few. */
export function createSignInAttempts(now: () => Date): SignInAttempts {
  const attempts = new Map<string, { count: number; since: number }>();
  const keyOf = (email: string, address: string): string => `${address} ${email}`;
  return {
    begin: (email, address) => {
      const key = keyOf(email, address);
      const at = now().getTime();
      const known = attempts.get(key);
      const current = known && at - known.since < attemptMsMax ? known : { count: 0, since: at };
      if (current.count >= failedAttemptsMax) {
        throw new TributaryError('too_many_attempts', null, {
          retryAfterMs: current.since + attemptMsMax - at,
        });
      }
      attempts.delete(key);
      attempts.set(key, { count: current.count + 1, since: current.since });
      if (attempts.size > pairsMax) {
        const [oldest] = attempts.keys();
        if (oldest !== undefined) attempts.delete(oldest);
      }
    },
    succeed: (email, address) => {
      attempts.delete(keyOf(email, address));
    },
  };
}
