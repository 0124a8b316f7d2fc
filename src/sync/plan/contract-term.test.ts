import { expect, test } from 'vitest';
import type { CalendarDate } from '../../kernel/dates.ts';
import { servicePeriod, wholeTerm } from './contract-term.ts';

const signed = '2026-03-31' as CalendarDate;
const line = { amountMinor: 1_000n, discountMinor: 10n, taxMinor: 1n };

test('a contract takes the whole term of a recurring line, also of one that its billing periods do not divide', () => {
  expect(wholeTerm(line, { termMonths: 24, billingPeriodMonths: 1 })).toEqual({
    amountMinor: 24_000n,
    discountMinor: 240n,
    taxMinor: 24n,
  });
  expect(wholeTerm(line, { termMonths: 10, billingPeriodMonths: 3 }).amountMinor).toBe(3_333n);
});

test('a line that does not recur, or not for a known term, counts as it is', () => {
  expect(wholeTerm(line, {})).toEqual(line);
  expect(wholeTerm(line, { billingPeriodMonths: 1 })).toEqual(line);
});

test('the service runs from the start in the CRM, else from the date of the contract, over the term or to the end', () => {
  expect(servicePeriod({ termMonths: 12, serviceStart: '2026-02-01' }, signed)).toEqual({
    serviceStart: '2026-02-01',
    serviceEnd: '2027-01-31',
  });
  expect(servicePeriod({ termMonths: 1 }, signed)).toEqual({
    serviceStart: signed,
    serviceEnd: '2026-04-29',
  });
  expect(servicePeriod({ serviceStart: '2026-05-01', serviceEnd: '2026-05-31' }, signed).serviceEnd).toBe(
    '2026-05-31',
  );
  expect(
    servicePeriod({ serviceStart: '2026-05-01', serviceEnd: '2026-04-01' }, signed).serviceEnd,
  ).toBeNull();
  expect(servicePeriod({}, signed)).toEqual({ serviceStart: null, serviceEnd: null });
});
