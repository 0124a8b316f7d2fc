import { describe, expect, test } from 'vitest';
import { listFiles, readText } from './source-files.ts';

const files = listFiles('migrations').filter((file) => file.endsWith('.sql'));
const sql = files
  .map(readText)
  .join('\n')
  .replace(/--[^\n]*/g, '');

/** Tables that belong to the installation and not to a tenant, and why. */
const withoutTenant: Readonly<Record<string, string>> = {
  schema_migrations: 'which migrations this database has',
};

const tables = [...sql.matchAll(/CREATE TABLE (?:IF NOT EXISTS )?(\w+) \(([\s\S]*?)\n\)/gi)].map((match) => ({
  name: match[1] ?? '',
  body: match[2] ?? '',
}));

describe('Migrations', () => {
  test('are numbered without gaps, so that every database takes them in one order', () => {
    const numbers = files.map((file) => /^migrations\/(\d{4})_[a-z0-9_]+\.sql$/.exec(file)?.[1]);
    expect(numbers, 'Name it NNNN_what_it_does.sql with the next number').toEqual(
      files.map((_, index) => String(index + 1).padStart(4, '0')),
    );
  });

  test('make tables that belong to an organization', () => {
    const shared = tables
      .filter(
        ({ name, body }) => !/^\s*organization_id uuid/m.test(body) && withoutTenant[name] === undefined,
      )
      .map(({ name }) => name);
    expect(
      shared,
      'Add organization_id, or add the table to withoutTenant in this test with its reason',
    ).toEqual([]);
  });

  test('put row-level security on every table of an organization', () => {
    const open = tables
      .filter(({ body }) => /^\s*organization_id uuid/m.test(body))
      .map(({ name }) => name)
      .filter((name) => !new RegExp(`CALL isolate_by_organization\\('${name}'\\)`, 'i').test(sql));
    expect(open, "Write CALL isolate_by_organization('table') in the migration that makes the table").toEqual(
      [],
    );
  });

  test('only go forward', () => {
    expect(sql, 'A migration never drops what a running older version still reads').not.toMatch(
      /\bDROP (TABLE|COLUMN|SCHEMA|DATABASE)\b/i,
    );
  });
});
