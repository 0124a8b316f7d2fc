import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  add,
  compare,
  type Decimal,
  decimalDigitsMax,
  decimalFromInteger,
  formatDecimal,
  isNegative,
  isZero,
  multiply,
  negate,
  parseDecimal,
  percentOf,
  subtract,
  zero,
} from './decimal.ts';

const decimals: fc.Arbitrary<Decimal> = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 12 }))
  .map(([digits, scale]) => add({ digits, scale }, zero));

function decimal(text: string): Decimal {
  const value = parseDecimal(text);
  if (!value) throw new Error(`${text} is no decimal`);
  return value;
}

describe('Reading a decimal', () => {
  test.each([
    ['12.50', '12.5'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['-0.00', '0'],
    ['+3', '3'],
    ['  7 ', '7'],
    ['1e3', '1000'],
    ['1.5E-2', '0.015'],
    ['007', '7'],
    ['0.1000000000000000055511151231257827', '0.1000000000000000055511151231257827'],
  ])('takes %j as %s', (text, expected) => {
    expect(formatDecimal(decimal(text))).toBe(expected);
  });

  test.each([
    '',
    ' ',
    '.',
    '-',
    'NaN',
    'Infinity',
    '1,000',
    '1 000',
    '0x10',
    '1e400',
    '1e',
    '12a',
    '--1',
    '1.2.3',
    '٣',
  ])('refuses %j', (text) => {
    expect(parseDecimal(text)).toBeNull();
  });

  test('refuses more digits than any price has, so that a text cannot fill the memory', () => {
    expect(parseDecimal('9'.repeat(decimalDigitsMax))).not.toBeNull();
    expect(parseDecimal('9'.repeat(decimalDigitsMax + 1))).toBeNull();
    expect(parseDecimal('1e-41')).toBeNull();
  });

  test('never throws and never makes up digits', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseDecimal(text) === null || /\d/.test(text)).toBe(true);
      }),
    );
  });

  test('reads back what was written', () => {
    fc.assert(
      fc.property(decimals, (value) => {
        expect(parseDecimal(formatDecimal(value))).toEqual(value);
      }),
    );
  });
});

describe('Calculating with decimals', () => {
  test('is exact where floats are not', () => {
    expect(formatDecimal(add(decimal('0.1'), decimal('0.2')))).toBe('0.3');
    expect(formatDecimal(multiply(decimal('1.1'), decimal('1.1')))).toBe('1.21');
    expect(formatDecimal(multiply(decimal('19.99'), percentOf(decimal('33.3333'))))).toBe('6.66332667');
  });

  test('adds in any order and takes away what was added', () => {
    fc.assert(
      fc.property(decimals, decimals, decimals, (a, b, c) => {
        expect(add(a, b)).toEqual(add(b, a));
        expect(add(add(a, b), c)).toEqual(add(a, add(b, c)));
        expect(subtract(add(a, b), b)).toEqual(a);
      }),
    );
  });

  test('multiplies in any order and over a sum', () => {
    fc.assert(
      fc.property(decimals, decimals, decimals, (a, b, c) => {
        expect(multiply(a, b)).toEqual(multiply(b, a));
        expect(multiply(a, add(b, c))).toEqual(add(multiply(a, b), multiply(a, c)));
      }),
    );
  });

  test('compares by value, whatever the scale', () => {
    expect(compare(decimal('1.10'), { digits: 110n, scale: 2 })).toBe(0);
    fc.assert(
      fc.property(decimals, decimals, (a, b) => {
        expect(compare(a, b)).toBe(-compare(b, a) + 0);
        expect(compare(a, b) < 0).toBe(isNegative(subtract(a, b)));
        expect(compare(a, b) === 0).toBe(isZero(subtract(a, b)));
      }),
    );
  });

  test('makes a hundred percent of everything the thing itself', () => {
    fc.assert(
      fc.property(decimals, (value) => {
        expect(multiply(value, percentOf(decimalFromInteger(100)))).toEqual(value);
        expect(add(value, negate(value))).toEqual(zero);
      }),
    );
  });
});
