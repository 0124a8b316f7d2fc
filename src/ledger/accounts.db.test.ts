import { beforeAll, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores } from '../../test/support/database.ts';
import { newId } from '../kernel/ids.ts';
import type { Database, Transaction } from '../platform/database/database.ts';
import { bookAccountRoles, typesOfRole } from './account-roles.ts';
import { missingAccountRoles, resolveAccountRoles, setAccountRole } from './account-roles-store.ts';
import { changeAccount, createAccount, deleteAccount } from './accounts.ts';
import { listAccounts } from './accounts-store.ts';
import { createEntity, getEntity } from './entities.ts';
import { listEntities } from './entities-store.ts';
import { openSampleBooks, type SampleBooks } from './sample-books.ts';
import { standardChart } from './standard-chart.ts';

describeOnBothStores('Accounts', (open) => {
  let database: Database;
  let organizationId: string;
  let books: SampleBooks;

  beforeAll(async () => {
    database = await open();
    organizationId = await createOrganization(database);
    books = await openSampleBooks(database, organizationId);
  });

  const inBooks = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.withOrganization(organizationId, work);
  const accountOf = async (number: string): Promise<string> => {
    const accounts = await inBooks((tx) => listAccounts(tx, books.entity.id));
    return accounts.find((account) => account.number === number)?.id ?? '';
  };

  test('of a new entity are the standard chart, with a usable account for every role', async () => {
    const { accounts, roles, missing } = await inBooks(async (tx) => ({
      accounts: await listAccounts(tx, books.entity.id),
      roles: await resolveAccountRoles(tx, books.entity.id, bookAccountRoles),
      missing: await missingAccountRoles(tx, books.entity.id),
    }));
    expect(accounts.map(({ number, name, type }) => ({ number, name, type }))).toEqual(
      standardChart.map(({ number, name, type }) => ({ number, name, type })),
    );
    expect(roles.map(({ problem }) => problem)).toEqual(bookAccountRoles.map(() => null));
    for (const { role, account } of roles) expect(typesOfRole[role]).toContain(account?.type);
    expect(missing).toEqual([]);
  });

  test('can be created, renamed, deactivated, and deleted while nothing uses them', async () => {
    const changed = await inBooks(async (tx) => {
      const account = await createAccount(
        tx,
        books.scope,
        { number: '4200', name: ' Training ', type: 'income' },
        books.context,
      );
      await changeAccount(tx, books.scope, account.id, { name: 'Courses' }, books.context);
      return changeAccount(tx, books.scope, account.id, { active: false }, books.context);
    });
    expect(changed).toMatchObject({ number: '4200', name: 'Courses', active: false, type: 'income' });
    await inBooks((tx) => deleteAccount(tx, books.scope, changed.id, books.context));
    expect(await accountOf('4200')).toBe('');
    const trail = await inBooks((tx) =>
      tx.query<{ action: string }>(
        'SELECT action FROM audit_entries WHERE subject_id = $1::text ORDER BY id',
        [changed.id],
      ),
    );
    expect(trail.map(({ action }) => action)).toEqual([
      'account.created',
      'account.changed',
      'account.changed',
      'account.deleted',
    ]);
  });

  test('refuse a number that is taken or malformed, an empty name and an unknown type', async () => {
    const create = (fields: object) =>
      inBooks((tx) =>
        createAccount(
          tx,
          books.scope,
          { number: '4300', name: 'Name', type: 'income', ...fields },
          books.context,
        ),
      );
    await expect(create({ number: '4000' })).rejects.toMatchObject({ code: 'duplicate_number' });
    await expect(create({ number: 'no good' })).rejects.toMatchObject({
      code: 'invalid_request',
      fields: [{ field: 'number' }],
    });
    await expect(create({ name: '  ' })).rejects.toMatchObject({
      code: 'invalid_request',
      fields: [{ field: 'name' }],
    });
    await expect(create({ type: 'revenue' })).rejects.toMatchObject({
      code: 'invalid_request',
      fields: [{ field: 'type' }],
    });
  });

  test('that play a role cannot be deleted, and those of another entity are not found', async () => {
    const income = await accountOf('4000');
    const remove = (scope: typeof books.scope) =>
      inBooks((tx) => deleteAccount(tx, scope, income, books.context));
    await expect(remove(books.scope)).rejects.toMatchObject({ code: 'account_in_use' });
    const other = await openSampleBooks(database, organizationId);
    await expect(remove(other.scope)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('play a role only when they are active and of the right type', async () => {
    const [sales, other] = [await accountOf('4000'), await accountOf('4100')];
    const set = (accountId: string) =>
      inBooks((tx) => setAccountRole(tx, books.scope, 'income', accountId, books.context));
    await expect(set(await accountOf('1000'))).rejects.toMatchObject({ code: 'account_not_usable' });
    await expect(set(newId())).rejects.toMatchObject({ code: 'account_not_usable' });
    await set(other);
    await inBooks((tx) => changeAccount(tx, books.scope, other, { active: false }, books.context));
    expect(await inBooks((tx) => missingAccountRoles(tx, books.entity.id))).toMatchObject([
      { role: 'income', problem: 'Account 4100 Other income is inactive.' },
    ]);
    await set(sales);
    expect(await inBooks((tx) => missingAccountRoles(tx, books.entity.id))).toEqual([]);
  });

  test('of a connection are taken by number instead of the entity’s, and named when they cannot be used', async () => {
    const missing = await inBooks((tx) =>
      missingAccountRoles(tx, books.entity.id, { income: '9999', clearing: '4000', expense: '5000' }),
    );
    expect(missing.map(({ role, problem }) => [role, problem])).toEqual([
      ['income', 'There is no account 9999.'],
      ['clearing', 'Account 4000 Sales is of type income; it has to be asset or liability.'],
    ]);
  });
});

describeOnBothStores('Entities', (open) => {
  let database: Database;
  let organizationId: string;

  beforeAll(async () => {
    database = await open();
    organizationId = await createOrganization(database);
  });

  const create = (fields: object) =>
    database.withOrganization(organizationId, (tx) =>
      createEntity(
        tx,
        { name: 'Acme Europe', mode: 'live', baseCurrency: 'EUR', ...fields },
        { organizationId, actor: 'user:test' },
      ),
    );

  test('are made with name, currency, zone and terms', async () => {
    const entity = await create({ timeZone: 'Europe/Berlin', termsDays: 14 });
    const found = await database.withOrganization(organizationId, (tx) => getEntity(tx, entity.id));
    expect(found).toEqual(entity);
    expect(found).toMatchObject({
      name: 'Acme Europe',
      mode: 'live',
      baseCurrency: 'EUR',
      timeZone: 'Europe/Berlin',
      termsDays: 14,
    });
    await create({ mode: 'test' });
    const all = await database.withOrganization(organizationId, listEntities);
    expect(all.map(({ mode }) => mode)).toEqual(['live', 'test']);
  });

  test('refuse a name that is taken, an unknown currency or zone, and terms that make no sense', async () => {
    await expect(create({})).rejects.toMatchObject({ code: 'conflict' });
    await expect(create({ name: 'B', baseCurrency: 'EURO' })).rejects.toMatchObject({
      code: 'unknown_currency',
    });
    await expect(create({ name: 'B', timeZone: 'Mars/Base' })).rejects.toMatchObject({
      code: 'invalid_request',
    });
    await expect(create({ name: '', termsDays: -1 })).rejects.toMatchObject({
      code: 'invalid_request',
      fields: [{ field: 'name' }, { field: 'termsDays' }],
    });
  });
});
