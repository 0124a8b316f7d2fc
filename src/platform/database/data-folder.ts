import { chmod, mkdir, stat } from 'node:fs/promises';
import { TributaryError } from '../../kernel/errors.ts';

/** The books and the key to the credentials are in it: for its owner only. */
const folderMode = 0o700;

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'there is a file of that name',
};

/** Makes the folder where it is missing and closes it to others. */
export async function prepareDataFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: folderMode });
    if (((await stat(folder)).mode & 0o077) !== 0) await chmod(folder, folderMode);
  } catch (error) {
    throw toDataFolderError(error, folder);
  }
}

/** An error about the folder as `data_folder_unusable`, with the folder and the reason; another error as it is. */
export function toDataFolderError(error: unknown, folder: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  const reason = reasons[error.code];
  if (reason === undefined) return error;
  return new TributaryError('data_folder_unusable', `${folder}: ${reason}.`, { cause: error });
}
