import { expect, test } from 'vitest';
import { makeTestSession } from '../conformance.ts';
import { standardLimits } from './client.ts';
import { fromRemote } from './source-record.ts';

const endpoint = {
  apiUrl: 'https://api.test',
  appUrl: 'https://app.test',
  clientId: null,
  clientSecret: null,
};
const session = makeTestSession({ endpoint, token: 't', accountId: '42' });
const remote = { id: '7', properties: {} };

test('a record without an address of its own gets one on the account’s regional host', () => {
  const regional = { session: { ...session, uiUrl: 'https://app-eu1.test' }, limits: standardLimits };
  expect(fromRemote(regional, 'deal', remote).url).toBe('https://app-eu1.test/contacts/42/record/0-3/7');
  expect(fromRemote({ session, limits: standardLimits }, 'deal', remote).url).toBe(
    'https://app.test/contacts/42/record/0-3/7',
  );
  expect(fromRemote(regional, 'deal', { ...remote, url: 'https://given.test/7' }).url).toBe(
    'https://given.test/7',
  );
});
