import { describe, expect, test } from 'vitest';
import { cutText, groupThousands, plainText, textWidth } from './plain-text.ts';

describe('Text for a terminal', () => {
  test('loses what a terminal would obey or that reorders it', () => {
    expect(plainText('a\u001b[31mb\u0007\u009b\u202ec\u2028')).toBe('a[31mbc');
    expect(plainText('two\r\nlines\tand a tab')).toBe('two lines and a tab');
  });

  test('is cut between whole characters, wide ones counted twice', () => {
    expect(textWidth('日本')).toBe(4);
    expect(cutText('日本電気', 5)).toBe('日本…');
    expect(cutText('👩‍👩‍👧 family', 4)).toBe('👩‍👩‍👧…');
    expect(cutText('short', 5)).toBe('short');
  });

  test('groups the thousands of a decimal and nothing behind its point', () => {
    expect(groupThousands('-1234567.8901')).toBe('-1,234,567.8901');
    expect(groupThousands('999')).toBe('999');
  });
});
