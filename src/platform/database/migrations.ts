import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TributaryError } from '../../kernel/errors.ts';

export interface Migration {
  readonly version: number;
  /** The file's name, such as `0001_books.sql`. */
  readonly name: string;
  readonly sql: string;
  /** Of the text with line ends as LF, so that a checkout on Windows is the same migration. */
  readonly checksum: string;
}

const fileName = /^(\d{4})_[a-z0-9_]+\.sql$/;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * The migrations of a folder in order.
 * @throws `migration_failed` when a file is misnamed or the numbers have a gap or a double.
 */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted();
  const migrations = await Promise.all(
    names.map(async (name): Promise<Migration> => {
      const version = Number(fileName.exec(name)?.[1] ?? Number.NaN);
      const sql = (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n');
      return { version, name, sql, checksum: sha256(sql) };
    }),
  );
  const wrong = migrations.find((migration, index) => migration.version !== index + 1);
  if (wrong)
    throw new TributaryError(
      'migration_failed',
      `${wrong.name} is out of order: migrations are named NNNN_what_it_does.sql and numbered from 0001 without gaps.`,
    );
  return migrations;
}

/** One hash over all migrations: what a template of a migrated database is kept under. */
export function hashMigrations(migrations: readonly Migration[]): string {
  return sha256(migrations.map(({ name, checksum }) => `${name} ${checksum}\n`).join(''));
}
