import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createOrganization, describeOnBothStores } from '../../../test/support/database.ts';
import type { CalendarDate } from '../../kernel/dates.ts';
import { newId } from '../../kernel/ids.ts';
import { insertDraftDocuments } from '../document-drafts-store.ts';
import { openSampleBooks, sampleDraft, sampleDraftRow } from '../sample-books.ts';
import { listFiscalPeriods, listFiscalYears } from './periods-store.ts';

/** The last part of migration 0006: it gives years to the entities that are there. */
async function readSeeding(): Promise<string[]> {
  const sql = await readFile(new URL('../../../migrations/0006_periods.sql', import.meta.url), 'utf8');
  const seeding = sql.slice(
    sql.indexOf('WITH reach AS'),
    sql.indexOf("CALL isolate_by_organization('entity_logos')"),
  );
  return seeding.split(/;\n/).filter((statement) => statement.trim() !== '');
}

describeOnBothStores('The migration of periods', (open) => {
  test('gives calendar years to entities that exist, as far as anything of theirs is dated', async () => {
    const database = await open();
    const organizationId = await createOrganization(database);
    const books = await openSampleBooks(database, organizationId, {
      booksFrom: '2016-01-01' as CalendarDate,
    });
    const quiet = await openSampleBooks(database, organizationId);
    const dated = (day: string) =>
      sampleDraftRow(books, sampleDraft(books, [100n], { documentDate: day as CalendarDate }));
    await database.withOrganization(organizationId, async (tx) => {
      const id = newId();
      await insertDraftDocuments(tx, books.scope, ['2018-02-28', '2044-06-01', '9999-12-31'].map(dated));
      await tx.execute(
        `INSERT INTO journal_entries (id, organization_id, entity_id, entry_date, kind, description, created_by)
         VALUES ($1::uuid, $2::uuid, $3::uuid, '2016-05-05', 'manual', 'Old', 'user:test')`,
        [id, organizationId, books.entity.id],
      );
      await tx.execute(
        `INSERT INTO journal_lines (organization_id, entry_id, position, account_id, currency, debit_minor, credit_minor, base_debit_minor, base_credit_minor, entry_date)
         SELECT $1::uuid, $2::uuid, a.place, a.id, 'USD', 2 - a.place, a.place - 1, 2 - a.place, a.place - 1, '2016-05-05'
         FROM (SELECT id, row_number() OVER (ORDER BY number)::integer AS place FROM accounts WHERE entity_id = $3::uuid LIMIT 2) a`,
        [organizationId, id, books.entity.id],
      );
    });
    await database.withSystem(async (tx) => {
      // As it was before: the owner of the tables may switch the triggers off.
      await tx.execute('ALTER TABLE fiscal_periods DISABLE TRIGGER USER');
      await tx.execute('DELETE FROM fiscal_years');
      await tx.execute('ALTER TABLE fiscal_periods ENABLE TRIGGER USER');
      for (const statement of await readSeeding()) await tx.execute(statement);
    });
    const { years, periods, quietYears } = await database.withOrganization(organizationId, async (tx) => ({
      years: await listFiscalYears(tx, books.entity.id),
      periods: await listFiscalPeriods(tx, books.entity.id),
      quietYears: await listFiscalYears(tx, quiet.entity.id),
    }));
    expect([years.at(-1)?.name, years[0]?.name]).toEqual(['2016', '2044']);
    expect(periods).toHaveLength(years.length * 12);
    expect(periods[1]).toMatchObject({
      name: 'February 2016',
      startDate: '2016-02-01',
      endDate: '2016-02-29',
    });
    expect(quietYears).toHaveLength(7);
  });
});
