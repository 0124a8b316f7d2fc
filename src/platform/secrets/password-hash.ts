import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';

/**
 * scrypt at OWASP's 32 MB setting: N = 2^15, r = 8, p = 3. Some 150 ms of a thread of the pool a guess, never of the event
 * loop. The parameters stand in each hash, so that they can be raised.
 */
const costLog2 = 15;
const blockSize = 8;
const parallelization = 3;
const saltBytes = 16;
const hashBytes = 32;

/** A stored hash that asks for more was not made here, and would use up the memory. */
const costLog2Max = 20;

/** A longer password is cut off nowhere but costs no more than this to read; beyond it, it is refused as wrong. */
const passwordLengthMax = 1024;

/** `scrypt$15$8$3$<salt>$<hash>`, both in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const hash = await derive(password, salt, { log2: costLog2, r: blockSize, p: parallelization });
  return ['scrypt', costLog2, blockSize, parallelization, toText(salt), toText(hash)].join('$');
}

/** Whether the password belongs to the hash; takes the same time for right and wrong ones. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const match = /^scrypt\$(\d{1,2})\$(\d{1,2})\$(\d{1,2})\$([\w-]+)\$([\w-]+)$/.exec(stored);
  if (!match || password.length > passwordLengthMax) return false;
  const [log2, r, p] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (log2 > costLog2Max) return false;
  const expected = Buffer.from(match[5] ?? '', 'base64url');
  const actual = await derive(password, Buffer.from(match[4] ?? '', 'base64url'), { log2, r, p });
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

const toText = (bytes: Buffer): string => bytes.toString('base64url');

interface Cost {
  readonly log2: number;
  readonly r: number;
  readonly p: number;
}

function derive(password: string, salt: Buffer, { log2, r, p }: Cost): Promise<Buffer> {
  const options: ScryptOptions = { N: 2 ** log2, r, p, maxmem: 256 * 2 ** log2 * r };
  return new Promise((resolve, reject) => {
    // The same password typed on another keyboard may come in another Unicode form.
    scrypt(password.normalize('NFKC'), salt, hashBytes, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
