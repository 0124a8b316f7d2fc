import { describe, expect, test } from 'vitest';
import { readBillingPeriodMonths, readTermMonths } from './billing-period.ts';

describe('A recurring line', () => {
  test.each([
    ['monthly', 1],
    ['quarterly', 3],
    ['per_six_months', 6],
    ['annually', 12],
    ['per_three_years', 36],
    ['weekly', undefined],
    ['', undefined],
  ])('bills %s', (frequency, months) => {
    expect(readBillingPeriodMonths({ recurringbillingfrequency: frequency })).toBe(months);
  });

  test.each([
    [{ hs_recurring_billing_period: 'P12M' }, 12],
    [{ hs_recurring_billing_period: 'P1Y6M' }, 18],
    [{ hs_recurring_billing_period: 'P2Y0D' }, 24],
    [{ hs_recurring_billing_period: 'P30D' }, undefined],
    [{ hs_recurring_billing_period: 'P4W' }, undefined],
    [{ hs_recurring_billing_period: 'P' }, undefined],
    [{ hs_recurring_billing_period: null }, undefined],
    [{ hs_term_in_months: '24', hs_recurring_billing_period: 'P12M' }, 24],
    [{ hs_term_in_months: '0', hs_recurring_billing_period: 'P12M' }, 12],
    [{ hs_term_in_months: '1.5' }, undefined],
  ])('runs for the term of %j', (properties, months) => {
    expect(readTermMonths(properties)).toBe(months);
  });
});
