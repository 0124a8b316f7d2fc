import { describe, expect, test } from 'vitest';
import { formatAmount, formatNumber, isZeroAmount } from './amount.ts';

describe('An amount', () => {
  test('has the currency’s own decimals, separators of thousands and a true minus', () => {
    expect(formatAmount('1234.5', 'USD', 'en-US')).toBe('1,234.50');
    expect(formatAmount('-1234.50', 'USD', 'en-US')).toBe('−1,234.50');
    expect(formatAmount('1234', 'JPY', 'en-US')).toBe('1,234');
    expect(formatAmount('0.125', 'KWD', 'en-US')).toBe('0.125');
    expect(formatAmount('-0.00', 'EUR', 'en-US')).toBe('0.00');
  });

  test('follows the locale of the reader', () => {
    expect(formatAmount('1234567.8', 'EUR', 'de-DE')).toBe('1.234.567,80');
    expect(formatAmount('1234567.8', 'INR', 'en-IN')).toBe('12,34,567.80');
  });

  test('keeps every digit of amounts that a float cannot hold', () => {
    expect(formatAmount('9007199254740993.01', 'USD', 'en-US')).toBe('9,007,199,254,740,993.01');
  });

  test('is never rounded: more decimals than the currency has stay visible', () => {
    expect(formatAmount('10.005', 'USD', 'en-US')).toBe('10.005');
    expect(formatAmount('10.0050000', 'USD', 'en-US')).toBe('10.005');
  });

  test('that is no number is shown as it came', () => {
    expect(formatAmount('n/a', 'USD', 'en-US')).toBe('n/a');
  });
});

test('A quantity has as many decimals as it needs', () => {
  expect(formatNumber('2.500', 'en-US')).toBe('2.5');
  expect(formatNumber('12000', 'en-US')).toBe('12,000');
});

test('Zero is known in every spelling', () => {
  expect(['0', '0.00', '-0.000'].every(isZeroAmount)).toBe(true);
  expect(isZeroAmount('0.01')).toBe(false);
});
