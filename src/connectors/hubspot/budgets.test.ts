import { expect, test } from 'vitest';
import { msUntilMidnight } from './budgets.ts';

const hours = (ms: number): number => ms / 3_600_000;

test.each([
  ['in the account’s zone', '2026-06-01T09:00:00.000Z', 'Pacific/Auckland', 3],
  ['in UTC', '2026-06-01T22:30:00.000Z', 'UTC', 1.5],
  ['in UTC when the zone is unknown', '2026-06-01T22:30:00.000Z', 'Mars/Olympus', 1.5],
  ['on a day of 25 hours', '2026-10-24T22:00:00.000Z', 'Europe/Berlin', 25],
  ['on a day of 23 hours', '2026-03-28T23:00:00.000Z', 'Europe/Berlin', 23],
  ['a minute before it', '2026-06-01T23:59:00.000Z', 'UTC', 1 / 60],
])('the day ends at midnight %s', (_name, now, zone, expected) => {
  expect(hours(msUntilMidnight(new Date(now), zone))).toBeCloseTo(expected, 5);
});
