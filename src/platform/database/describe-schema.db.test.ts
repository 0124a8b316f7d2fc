import { expect, test } from 'vitest';
import { describeOnBothStores } from '../../../test/support/database.ts';
import { describeSchema } from './describe-schema.ts';

const described = new Map<string, string>();

describeOnBothStores('The description of the schema', (open, kind) => {
  test('names tables, columns, constraints, indexes, policies, triggers and functions', async () => {
    const text = await describeSchema(await open());
    described.set(kind, text);
    expect(text).toContain('table organizations (row-level security)\n  organization_id uuid NOT NULL\n');
    expect(text).toContain('  constraint organizations_pkey PRIMARY KEY (organization_id)');
    expect(text).toContain('  CREATE UNIQUE INDEX users_email ON users USING btree (email)');
    expect(text).toMatch(/^ {2}policy by_organization FOR ALL USING \(organization_id = .* WITH CHECK /m);
    expect(text).toContain('CREATE OR REPLACE FUNCTION current_organization()');
    expect(text).toContain('created_at timestamp with time zone NOT NULL DEFAULT now()');
  });

  test('is the same on both stores', () => {
    for (const text of described.values()) expect(text).toBe([...described.values()][0]);
  });
});
