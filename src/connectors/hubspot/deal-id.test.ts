import { expect, test } from 'vitest';
import { dealIdFrom } from './deal-id.ts';

test.each([
  ['123456789', '123456789'],
  ['  123456789\n', '123456789'],
  ['https://app.hubspot.com/contacts/48151623/record/0-3/123456789', '123456789'],
  ['https://app-eu1.hubspot.com/contacts/48151623/record/0-3/123456789/?eschref=%2F', '123456789'],
  ['https://app.hubspot.com/contacts/48151623/deal/123456789', '123456789'],
  ['https://app.hubspot.com/contacts/48151623/deal/123456789/view#notes', '123456789'],
  ['https://app.hubspot.com/contacts/48151623/record/0-2/123456789', null],
  ['https://app.hubspot.com/contacts/48151623/company/123456789', null],
  ['deal 12', null],
  ['', null],
])('the deal of %j is %j', (text, id) => {
  expect(dealIdFrom(text)).toBe(id);
});
