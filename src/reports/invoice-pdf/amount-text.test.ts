import { expect, test } from 'vitest';
import { groupThousands } from './amount-text.ts';

test.each([
  ['0.00', '0.00'],
  ['999', '999'],
  ['1234.5', '1,234.5'],
  ['-1234567.125', '−1,234,567.125'],
  ['1000000000000000', '1,000,000,000,000,000'],
  ['12.123456', '12.123456'],
])('An amount of %s is printed as %s', (decimal, printed) => {
  expect(groupThousands(decimal)).toBe(printed);
});
