import { describe, expect, test } from 'vitest';
import { equalSecrets, hashToken, newToken } from './token-hash.ts';

describe('A token', () => {
  test('has 256 random bits in base64url', () => {
    expect(newToken()).toMatch(/^[\w-]{43}$/);
    expect(newToken()).not.toBe(newToken());
  });

  test('is looked up by a hash that is the same every time and does not show it', () => {
    expect(hashToken('token')).toBe('PEaenWxYddN6Q_NT1PiOYfz4EsZu7jRXRlpAsNpBU-A');
  });

  test('is compared whatever the lengths', () => {
    expect(equalSecrets('abc', 'abc')).toBe(true);
    expect(equalSecrets('abc', 'abd')).toBe(false);
    expect(equalSecrets('abc', 'abcd')).toBe(false);
    expect(equalSecrets('', 'a')).toBe(false);
  });
});
