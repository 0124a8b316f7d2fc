import { beforeAll, describe, expect, test } from 'vitest';
import { describeOnBothStores } from '../../../test/support/database.ts';
import { formatArrayLiteral, parseArrayLiteral } from './array-literal.ts';
import { toRfc3339 } from './column-values.ts';
import type { Database } from './database.ts';

describeOnBothStores('Values', (open) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });

  const select = async (expression: string, ...parameters: unknown[]): Promise<unknown> => {
    const rows = await database.withSystem((tx) =>
      tx.query<{ v: unknown }>(`SELECT ${expression} AS v`, parameters),
    );
    return rows[0]?.v;
  };

  test.each([
    ['int8 as text, beyond what a number holds', `9007199254740993::int8`, '9007199254740993'],
    ['numeric as text, with its zeros', `12.3400::numeric`, '12.3400'],
    ['date as text', `'2026-03-01'::date`, '2026-03-01'],
    ['int4 as number', `42::int4`, 42],
    ['float8 as number', `0.5::float8`, 0.5],
    ['bool as boolean', `true`, true],
    ['null as null', `NULL::text`, null],
    ['uuid as text', `'018f0000-0000-7000-8000-000000000000'::uuid`, '018f0000-0000-7000-8000-000000000000'],
    ['jsonb parsed', `'{"a": [1, null, "x"]}'::jsonb`, { a: [1, null, 'x'] }],
    ['the jsonb value null as null', `'null'::jsonb`, null],
    ['count as text', `count(*)`, '1'],
    ['text[] as array', `ARRAY['a', 'b,"c"', NULL, 'NULL', '']`, ['a', 'b,"c"', null, 'NULL', '']],
    ['int8[] as array of text', `ARRAY[1, 2]::int8[]`, ['1', '2']],
    ['int4[] as array of numbers', `ARRAY[1, 2]`, [1, 2]],
    ['bool[] as array of booleans', `ARRAY[true, false]`, [true, false]],
    [
      'nested arrays nested',
      `ARRAY[ARRAY[1, 2], ARRAY[3, 4]]`,
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ['jsonb[] as array of values', `ARRAY['{"a": "\\"}"}', '[1]']::jsonb[]`, [{ a: '"}' }, [1]]],
    ['an empty array as one', `ARRAY[]::text[]`, []],
    [
      'array_agg of uuid as text',
      `array_agg('018f0000-0000-7000-8000-000000000000'::uuid)`,
      ['018f0000-0000-7000-8000-000000000000'],
    ],
    ['timestamptz with three decimals', `'2026-01-02 03:04:05+02'::timestamptz`, '2026-01-02T01:04:05.000Z'],
    [
      'timestamptz with six where they say more',
      `'2026-01-02 03:04:05.6789Z'::timestamptz`,
      '2026-01-02T03:04:05.678900Z',
    ],
    ['timestamptz[] alike', `ARRAY['2026-01-02 03:04:05.5Z'::timestamptz]`, ['2026-01-02T03:04:05.500Z']],
  ])('come back: %s', async (_name, expression, expected) => {
    expect(await select(expression)).toEqual(expected);
  });

  test.each([
    ['text', 'naïve ✓ \\ \' "'],
    ['integer', 42],
    ['boolean', false],
    ['jsonb', null],
    ['text[]', ['plain', 'with "quotes"', 'back\\slash', '{curly}', 'a,b', '', 'NULL', ' x ', null, 'ünï']],
    ['integer[]', [1, null, -3]],
    ['boolean[]', [true, false, null]],
    ['text[]', []],
    ['timestamptz', '2026-03-31T22:15:00.123Z'],
  ])('of type %s come back as they were given', async (type, value) => {
    expect(await select(`$1::${type}`, value)).toEqual(value);
  });

  test('are taken in the forms that code has them in', async () => {
    expect(await select('$1::int8', 9007199254740993n)).toBe('9007199254740993');
    expect(await select('$1::numeric', '0.10')).toBe('0.10');
    expect(await select('$1::timestamptz', new Date(0))).toBe('1970-01-01T00:00:00.000Z');
    expect(await select('$1::jsonb', JSON.stringify({ a: [1] }))).toEqual({ a: [1] });
    expect(await select('$1::jsonb', JSON.stringify('text'))).toBe('text');
    expect(await select('$1::jsonb', { a: 1 })).toEqual({ a: 1 });
    expect(await select('$1::int8[]', [1n, 2n])).toEqual(['1', '2']);
  });

  test('go through unnest in bulk', async () => {
    const n = 5000;
    const texts = Array.from({ length: n }, (_, index) => (index % 7 === 0 ? null : `text ${index}`));
    const rows = await database.withSystem((tx) =>
      tx.query('SELECT * FROM unnest($1::text[], $2::int8[], $3::boolean[]) AS r (text, amount, flag)', [
        texts,
        texts.map((_, index) => index),
        texts.map((_, index) => index % 2 === 0),
      ]),
    );
    expect(rows).toHaveLength(n);
    expect(rows[8]).toEqual({ text: 'text 8', amount: '8', flag: true });
    expect(rows[7]).toEqual({ text: null, amount: '7', flag: false });
  });

  test('that were forgotten or cannot be stored are refused with their place', async () => {
    await expect(select('$1::text', undefined)).rejects.toThrow('parameter $1 is undefined');
    await expect(select('$1::integer', Number.NaN)).rejects.toThrow('parameter $1 is not a finite number');
    await expect(select('$1::text[]', ['a', undefined])).rejects.toThrow('element 1 of parameter $1');
    await expect(select('$1::text', Symbol('x'))).rejects.toThrow('parameter $1 is a symbol');
  });

  test('are counted alike by execute, whatever the statement', async () => {
    const counts = await database.withSystem(async (tx) => [
      await tx.execute('CREATE TEMPORARY TABLE counted (n integer) ON COMMIT DROP'),
      await tx.execute('INSERT INTO counted SELECT generate_series(1, 5)'),
      await tx.execute('UPDATE counted SET n = n WHERE n > 2 RETURNING n'),
      await tx.execute('DELETE FROM counted WHERE n > 10'),
      await tx.execute('SELECT * FROM counted'),
    ]);
    expect(counts).toEqual([0, 5, 3, 0, 0]);
  });
});

describe('An array literal', () => {
  test('is read whatever stands in its elements', () => {
    const elements = ['', ' ', 'NULL', 'null', '{', '}', ',', '"', '\\', '\\"', 'a\nb', null];
    expect(parseArrayLiteral(formatArrayLiteral(elements), (text) => text)).toEqual(elements);
  });

  test('is read with bounds in front of it', () => {
    expect(parseArrayLiteral('[0:1]={a,b}', (text) => text)).toEqual(['a', 'b']);
  });
});

describe('An instant', () => {
  test('that RFC 3339 cannot say stays as PostgreSQL prints it', () => {
    expect(toRfc3339('infinity')).toBe('infinity');
    expect(toRfc3339('0044-03-15 00:00:00+00 BC')).toBe('0044-03-15 00:00:00+00 BC');
  });
});
