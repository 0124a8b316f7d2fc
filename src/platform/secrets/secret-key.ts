import { randomBytes } from 'node:crypto';
import { chmod, link, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TributaryError } from '../../kernel/errors.ts';

/** AES-256 takes a key of this size. */
export const secretKeyBytes = 32;

/** In the data folder, beside the embedded store; a backup of the store is of no use without it. */
export const secretKeyFileName = 'secret-key';

/** The bytes of a key in base64 (or base64url); null when the text is no such key. */
export function parseSecretKey(text: string): Buffer | null {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return null;
  const key = Buffer.from(text, 'base64');
  return key.length === secretKeyBytes ? key : null;
}

export function generateSecretKey(): string {
  return randomBytes(secretKeyBytes).toString('base64');
}

/**
 * The key that is kept in the data folder, made on the first start; of several that start at once all get the same one.
 * Only its owner may read the file.
 * @throws `data_folder_unusable` when the file cannot be read or written, `secret_key_wrong` when it holds no key.
 */
export async function readOrCreateSecretKey(dataFolder: string): Promise<string> {
  const file = join(dataFolder, secretKeyFileName);
  try {
    const existing = await readKeyFile(file);
    if (existing !== null) return existing;
    await createKeyFile(file);
    return (await readKeyFile(file)) ?? '';
  } catch (error) {
    if (error instanceof TributaryError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new TributaryError('data_folder_unusable', `${reason}.`, { cause: error });
  }
}

async function readKeyFile(file: string): Promise<string | null> {
  let text: string;
  try {
    text = (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  if (parseSecretKey(text) === null)
    throw new TributaryError(
      'secret_key_wrong',
      `${file} holds no key: it was changed or cut off. Put back the one from your backup.`,
    );
  // A copy or a restored backup may be readable for others.
  if (((await stat(file)).mode & 0o077) !== 0) await chmod(file, 0o600);
  return text;
}

/** Whole or not at all, and never over an existing one: a key that is lost makes every stored credential worthless. */
async function createKeyFile(file: string): Promise<void> {
  const unfinished = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(unfinished, 'wx', 0o600);
  try {
    await handle.writeFile(`${generateSecretKey()}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(unfinished, file);
  } catch (error) {
    const lostRace = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (!lostRace) throw error;
  } finally {
    await rm(unfinished, { force: true });
  }
}
