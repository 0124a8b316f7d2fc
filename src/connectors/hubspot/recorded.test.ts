import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { failureFrom, readErrorBody } from './failure.ts';
import { versionOf } from './source-record.ts';
import { searchPageSchema } from './wire.ts';

/** Answers of a real portal, kept beside the repository; see the README there. */
const folder = join(process.env.TRIBUTARY_RECORDED ?? '../shared/recorded', 'hubspot');

interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly responseBody: unknown;
}

function recordedSearches(): Recorded[] {
  return [
    'export-objects__export-records-companies.json',
    'export-objects__export-records-custom-object.json',
  ]
    .flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Recorded[])
    .filter(({ path }) => path.endsWith('/search'));
}

describe.skipIf(!existsSync(folder))('Recorded answers of HubSpot', () => {
  test('of search are all understood', () => {
    const answers = recordedSearches().filter(({ status }) => status === 200);
    expect(answers.length).toBeGreaterThan(100);
    for (const { responseBody } of answers) {
      const page = searchPageSchema.parse(responseBody);
      for (const record of page.results) {
        expect(record.id).toMatch(/^\d+$/);
        expect(versionOf('company', record)).toBe(record.properties?.hs_lastmodifieddate);
      }
    }
  });

  test('of its rate limit are understood as one', () => {
    const answers = recordedSearches().filter(({ status }) => status === 429);
    expect(answers.length).toBeGreaterThan(10);
    for (const { status, responseBody } of answers) {
      const error = failureFrom('POST search', status, readErrorBody(JSON.stringify(responseBody)), []);
      expect(error.code).toBe('vendor_rate_limited');
      expect(error.detail).toContain('secondly limit');
    }
  });
});
