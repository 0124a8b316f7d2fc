import { expect, test } from 'vitest';
import type { CalendarDate } from '../../kernel/dates.ts';
import type { SourceFacts } from '../../model/source-record.ts';
import { serviceOf, wholeTerm } from './contract-term.ts';

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

const settings = { termMonths: 6, recognition: 'monthly' } as const;
const service = (facts: SourceFacts, kind: 'service' | 'goods' = 'service') => {
  const { serviceStart, serviceEnd, recognition } = serviceOf(facts, signed, kind, settings);
  return [serviceStart, serviceEnd, recognition];
};

test('the service runs from the start in the CRM, else from the date of the contract, over the term or to the end', () => {
  const year = { termMonths: 12, serviceStart: '2026-02-01' };
  expect(service(year)).toEqual(['2026-02-01', '2027-01-31', 'monthly']);
  expect(service({ termMonths: 1 })).toEqual([signed, '2026-04-29', 'monthly']);
  const may = { serviceStart: '2026-05-01', serviceEnd: '2026-05-31' };
  expect(service(may)).toEqual(['2026-05-01', '2026-05-31', 'monthly']);
});

test('what the CRM does not say, or says wrongly, is as configured; goods are delivered at once', () => {
  expect(service({})).toEqual([signed, '2026-09-29', 'monthly']);
  expect(service({ serviceStart: '2026-05-01', serviceEnd: '2026-04-01' })[1]).toBe('2026-10-31');
  expect(service({ serviceStart: '2026-05-01', serviceEnd: '2099-04-01' })[1]).toBe('2026-10-31');
  expect(service({ termMonths: 1200 })[1]).toBe('2026-09-29');
  expect(service({}, 'goods')).toEqual([signed, signed, 'immediate']);
  expect(service({ termMonths: 12, billingPeriodMonths: 1 }, 'goods')[2]).toBe('monthly');
});
