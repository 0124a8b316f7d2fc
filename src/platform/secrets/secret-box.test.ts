import { describe, expect, test } from 'vitest';
import { createSecretBox } from './secret-box.ts';
import { generateSecretKey } from './secret-key.ts';

const key = generateSecretKey();
const wrongKey = expect.objectContaining({ code: 'secret_key_wrong' });

describe('A secret box', () => {
  test('opens what it sealed', () => {
    const box = createSecretBox({ key });
    for (const text of ['', 'pat-eu1-1234', 'naïve ✓ 🔑', 'x'.repeat(100_000)])
      expect(box.open(box.seal(text, 'c1'), 'c1')).toBe(text);
  });

  test('never seals to the same text twice and never shows the secret', () => {
    const box = createSecretBox({ key });
    const [first, second] = [box.seal('pat-eu1-1234', 'c1'), box.seal('pat-eu1-1234', 'c1')];
    expect(first).not.toBe(second);
    expect(first).not.toContain('pat-eu1');
  });

  test('refuses the secret of another connection', () => {
    const box = createSecretBox({ key });
    expect(() => box.open(box.seal('secret', 'c1'), 'c2')).toThrow(wrongKey);
  });

  test('refuses a text that was changed in any place', () => {
    const box = createSecretBox({ key });
    const sealed = box.seal('secret', 'c1');
    const meaningOf = (text: string) =>
      text
        .split('.')
        .map((part, at) => (at === 2 ? Buffer.from(part, 'base64url').toString('hex') : part))
        .join('.');
    for (let index = 0; index < sealed.length; index += 1) {
      const other = sealed[index] === 'A' ? 'B' : 'A';
      // The last character of base64url has unused bits: a change of those alone changes no byte.
      const changed = sealed.slice(0, index) + other + sealed.slice(index + 1);
      if (meaningOf(changed) === meaningOf(sealed)) continue;
      expect(() => box.open(changed, 'c1'), changed).toThrow(wrongKey);
    }
  });

  test('refuses a text that it did not make', () => {
    const box = createSecretBox({ key });
    for (const text of ['', 'v1', 'v1.abc', 'v2.a.b', '{"token":"x"}'])
      expect(() => box.open(text, 'c1'), text).toThrow(wrongKey);
  });

  test('refuses a text of another key and says which key is missing, not which secret', () => {
    const sealed = createSecretBox({ key: generateSecretKey() }).seal('pat-eu1-1234', 'c1');
    expect(() => createSecretBox({ key }).open(sealed, 'c1')).toThrow(wrongKey);
  });

  test('opens with the previous key while rotating, and asks for sealing again', () => {
    const newKey = generateSecretKey();
    const sealed = createSecretBox({ key }).seal('secret', 'c1');
    const rotating = createSecretBox({ key: newKey, previousKey: key });
    expect(rotating.open(sealed, 'c1')).toBe('secret');
    expect(rotating.needsReseal(sealed)).toBe(true);
    const resealed = rotating.seal('secret', 'c1');
    expect(rotating.needsReseal(resealed)).toBe(false);
    expect(createSecretBox({ key: newKey }).open(resealed, 'c1')).toBe('secret');
  });
});
