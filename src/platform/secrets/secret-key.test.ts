import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { generateSecretKey, parseSecretKey, readOrCreateSecretKey, secretKeyFileName } from './secret-key.ts';

describe('The secret key of the data folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tributary-key-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('is made once, readable for its owner only, and kept', async () => {
    const key = await readOrCreateSecretKey(folder);
    expect(parseSecretKey(key)).toHaveLength(32);
    expect((await stat(join(folder, secretKeyFileName))).mode & 0o777).toBe(0o600);
    expect(await readOrCreateSecretKey(folder)).toBe(key);
    expect(await readdir(folder)).toEqual([secretKeyFileName]);
  });

  test('is the same for all that start at once', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => readOrCreateSecretKey(folder)));
    expect(new Set(keys).size).toBe(1);
  });

  test('is closed to others again when a restored backup has opened it', async () => {
    const key = await readOrCreateSecretKey(folder);
    await chmod(join(folder, secretKeyFileName), 0o644);
    expect(await readOrCreateSecretKey(folder)).toBe(key);
    expect((await stat(join(folder, secretKeyFileName))).mode & 0o777).toBe(0o600);
  });

  test('is never replaced when the file is damaged', async () => {
    await writeFile(join(folder, secretKeyFileName), 'cut off');
    await expect(readOrCreateSecretKey(folder)).rejects.toMatchObject({ code: 'secret_key_wrong' });
    expect(await readFile(join(folder, secretKeyFileName), 'utf8')).toBe('cut off');
  });

  test('cannot be kept in a folder that does not exist', async () => {
    await expect(readOrCreateSecretKey(join(folder, 'missing'))).rejects.toMatchObject({
      code: 'data_folder_unusable',
    });
  });
});

describe('A secret key', () => {
  test('is 32 bytes in base64 or base64url', () => {
    expect(parseSecretKey(generateSecretKey())).toHaveLength(32);
    expect(parseSecretKey(Buffer.alloc(32, 0xff).toString('base64url'))).toHaveLength(32);
    for (const text of [
      '',
      'short',
      'not base64!',
      Buffer.alloc(31).toString('base64'),
      Buffer.alloc(33).toString('base64'),
    ])
      expect(parseSecretKey(text), text).toBeNull();
  });
});
