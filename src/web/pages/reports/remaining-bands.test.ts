import { expect, test } from 'vitest';
import { bandsOf } from './remaining-bands.ts';

test('What remains falls into bands seen from this month, and nothing is lost between them', () => {
  const rows = [
    { month: '2026-02-01', amount: '1.00' },
    { month: '2026-03-01', amount: '10.00' },
    { month: '2027-02-01', amount: '20.00' },
    { month: '2027-03-01', amount: '100.00' },
    { month: '2028-02-01', amount: '200.00' },
    { month: '2028-03-01', amount: '1000.00' },
    { month: null, amount: '10000.00' },
  ];
  expect(bandsOf(rows, '2026-03')).toEqual([
    { name: 'Due from earlier months', amount: '1' },
    { name: 'Within 12 months', amount: '30' },
    { name: '13 to 24 months', amount: '300' },
    { name: 'Later', amount: '1000' },
    { name: 'When milestones are reached', amount: '10000' },
  ]);
});

test('Bands of nothing are left out, the first year never', () => {
  expect(bandsOf([], '2026-03')).toEqual([{ name: 'Within 12 months', amount: '0' }]);
});
