import { expect, test } from 'vitest';
import { activationBody, activationErrors, type LineForm } from './activation-form.ts';

const line: LineForm = {
  position: 2,
  description: 'Support',
  amount: '1200.00',
  isObligation: true,
  recognition: 'daily',
  serviceStart: '2026-01-01',
  serviceEnd: '2026-12-31',
  standalone: '1500.00',
  milestones: [{ key: 1, name: ' Kick-off ', weight: '30' }],
};
const discount: LineForm = { ...line, position: 1, amount: '-300.00', isObligation: false, standalone: '' };

test('What is asked for is what the page shows: discounts stay out, milestones go only with their method', () => {
  expect(activationBody('up_front', [], [discount, line])).toEqual({
    billing: 'up_front',
    lines: [
      {
        position: 2,
        recognition: 'daily',
        serviceStart: '2026-01-01',
        serviceEnd: '2026-12-31',
        standalone: '1500.00',
      },
    ],
  });
  expect(activationBody('up_front', [], [{ ...line, recognition: 'milestone' }]).lines).toMatchObject([
    { recognition: 'milestone', milestones: [{ name: 'Kick-off', weight: 30 }] },
  ]);
});

test('A line without a price is promised once it has a stand-alone price', () => {
  const free = { ...discount, amount: '0.00' };
  expect(activationBody('up_front', [], [{ ...free, standalone: '0.00' }]).lines).toEqual([]);
  expect(activationBody('up_front', [], [{ ...free, standalone: '80' }]).lines).toHaveLength(1);
});

test('Parts of a billing plan of one’s own are asked for with that plan only', () => {
  const bills = [{ key: 1, date: '2026-01-01', amount: ' 400 ' }];
  expect(activationBody('monthly_advance', bills, []).billings).toBeUndefined();
  expect(activationBody('custom', bills, []).billings).toEqual([{ date: '2026-01-01', amount: '400' }]);
});

test('An error finds its field by the position of the line, whichever way the API names it', () => {
  const body = activationBody('custom', [], [line]);
  const fields = [
    { field: 'lines.2', message: 'The service ends before it starts.' },
    { field: 'lines.0.standalone', message: 'x is no amount.' },
    { field: 'lines.0.milestones.0.name', message: 'Too short.' },
    { field: 'billings.1.date', message: 'No such day.' },
    { field: 'billings', message: 'They come to less.' },
  ];
  expect(activationErrors(fields, body)).toEqual({
    'line 2': 'The service ends before it starts.',
    'line 2 standalone': 'x is no amount.',
    'line 2 milestones': 'Too short.',
    'bill 1 date': 'No such day.',
    billings: 'They come to less.',
  });
});
