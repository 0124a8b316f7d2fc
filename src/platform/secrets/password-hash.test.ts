import { describe, expect, test } from 'vitest';
import { hashPassword, verifyPassword } from './password-hash.ts';

describe('A password hash', () => {
  test('takes the right password and no other', async () => {
    const hash = await hashPassword('correct horse battery staple');
    expect(await verifyPassword('correct horse battery staple', hash)).toBe(true);
    expect(await verifyPassword('correct horse battery stapl', hash)).toBe(false);
    expect(await verifyPassword('', hash)).toBe(false);
  });

  test('is salted: two of the same password differ', async () => {
    expect(await hashPassword('same')).not.toBe(await hashPassword('same'));
  });

  test('takes the same password in another Unicode form', async () => {
    expect(await verifyPassword('cafe\u0301', await hashPassword('caf\u00e9'))).toBe(true);
  });

  test('refuses a stored text that is no hash, or one that would use up the memory', async () => {
    for (const stored of ['', 'plain', 'scrypt$31$8$1$AAAA$AAAA', 'md5$1$1$1$AAAA$AAAA'])
      expect(await verifyPassword('plain', stored), stored).toBe(false);
  });
});
