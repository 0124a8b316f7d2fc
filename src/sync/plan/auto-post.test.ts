import { expect, test } from 'vitest';
import { qualifiesForAutoPost } from './auto-post.ts';

const hundred = { currency: 'USD', totalMinor: 10000n, customerId: 'a' };

test.each([
  [false, { enabled: false }],
  [true, { enabled: true }],
  [true, { enabled: true, maximumAmounts: { USD: '100' } }],
  [false, { enabled: true, maximumAmounts: { USD: '99.99' } }],
  [false, { enabled: true, maximumAmounts: { EUR: '1000' } }],
  [true, { enabled: true, onlyCustomers: ['a', 'b'] }],
  [false, { enabled: true, onlyCustomers: ['b'] }],
  [false, { enabled: true, exceptCustomers: ['a'] }],
  [true, { enabled: true, exceptCustomers: ['b'] }],
])('a draft of 100.00 USD for customer a is posted: %s, with %j', (expected, autoPost) => {
  expect(qualifiesForAutoPost(autoPost, hundred)).toBe(expected);
});

test('a customer that does not exist yet is on no list of those that are posted', () => {
  const candidate = { ...hundred, customerId: null };
  expect(qualifiesForAutoPost({ enabled: true, onlyCustomers: ['a'] }, candidate)).toBe(false);
  expect(qualifiesForAutoPost({ enabled: true, exceptCustomers: ['a'] }, candidate)).toBe(true);
});
