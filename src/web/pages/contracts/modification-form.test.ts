import { expect, test } from 'vitest';
import {
  type AddedForm,
  modificationBody,
  modificationErrors,
  type ModificationForm,
} from './modification-form.ts';

const unchanged = {
  position: 1,
  description: 'Licence',
  cancelled: false,
  serviceEnd: '',
  standalone: '',
  milestones: [],
};
const form: ModificationForm = {
  date: '2026-07-01',
  method: 'prospective',
  reason: ' Ten more seats ',
  priceChange: '',
  taxChange: '',
  changed: [unchanged, { ...unchanged, position: 4 }],
  added: [],
  billing: 'spread',
};
const addition: AddedForm = {
  key: 7,
  description: ' Seats ',
  standalone: '120.50',
  recognition: 'daily',
  serviceStart: '2026-07-01',
  serviceEnd: '2026-12-31',
  milestones: [{ key: 1, name: '', weight: '1' }],
};

test('Only what differs is asked for; without a price change the price stays', () => {
  const changed = [unchanged, { ...unchanged, position: 4, serviceEnd: '2027-06-30' }];
  expect(modificationBody({ ...form, changed }, true)).toEqual({
    date: '2026-07-01',
    method: 'prospective',
    reason: 'Ten more seats',
    priceChange: '0',
    obligations: [{ position: 4, serviceEnd: '2027-06-30' }],
    added: [],
    billing: 'spread',
    dryRun: true,
  });
});

test('What is cancelled has no end and no price of its own any more', () => {
  const changed = [{ ...unchanged, cancelled: true, serviceEnd: '2027-06-30', standalone: '5' }];
  expect(modificationBody({ ...form, changed }, false).obligations).toEqual([
    { position: 1, cancelled: true },
  ]);
});

test('As a contract of its own an addition costs its stand-alone price, and the others stay as they are', () => {
  const body = modificationBody(
    {
      ...form,
      method: 'separate',
      priceChange: '999',
      changed: [{ ...unchanged, cancelled: true }],
      added: [addition, { ...addition, key: 8, standalone: '0.10' }],
    },
    true,
  );
  expect(body.priceChange).toBe('120.6');
  expect(body.obligations).toEqual([]);
  expect(body.added?.[0]).toEqual({
    description: 'Seats',
    standalone: '120.50',
    recognition: 'daily',
    serviceStart: '2026-07-01',
    serviceEnd: '2026-12-31',
  });
});

test('An error finds its obligation by position, and its addition counted from one', () => {
  const body = modificationBody({ ...form, changed: [{ ...unchanged, position: 4, standalone: 'x' }] }, true);
  const fields = [
    { field: 'obligations.0.standalone', message: 'No amount.' },
    { field: 'obligations.4', message: 'It has ended.' },
    { field: 'priceChange', message: 'No amount.' },
  ];
  expect(modificationErrors(fields, body)).toEqual({
    'obligation 4 standalone': 'No amount.',
    'obligation 4': 'It has ended.',
    priceChange: 'No amount.',
  });
  const added = modificationBody({ ...form, added: [addition] }, true);
  expect(modificationErrors([{ field: 'added.0.serviceStart', message: 'Too early.' }], added)).toEqual({
    'addition 1 serviceStart': 'Too early.',
  });
});
