import { parseArrayLiteral } from './array-literal.ts';

type Parse = (text: string) => unknown;

const keepText: Parse = (text) => text;
const parseBoolean: Parse = (text) => text === 't';
const parseNumber: Parse = (text) => Number(text);
const parseJson: Parse = (text) => JSON.parse(text) as unknown;

const timestamptzInUtc = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?\+00$/;

/**
 * `2026-01-02 03:04:05.6+00` as `2026-01-02T03:04:05.600Z`: three decimals, as `Date.toISOString` writes them, so that an
 * instant comes back as it was given; six where the microseconds say more. Text that is no such instant (`infinity`, years
 * before Christ) stays as it is.
 */
export function toRfc3339(text: string): string {
  const match = timestamptzInUtc.exec(text);
  if (!match) return text;
  const fraction = match[3] ?? '';
  return `${match[1]}T${match[2]}.${fraction.padEnd(fraction.length > 3 ? 6 : 3, '0')}Z`;
}

/** Type number, number of its array type, how a value of it is read. From pg_type: these numbers never change. */
const types: readonly (readonly [type: number, arrayType: number, parse: Parse])[] = [
  [16, 1000, parseBoolean], // bool
  [19, 1003, keepText], // name
  [20, 1016, keepText], // int8: beyond 2^53 a number would round
  [21, 1005, parseNumber], // int2
  [23, 1007, parseNumber], // int4
  [25, 1009, keepText], // text
  [26, 1028, parseNumber], // oid
  [114, 199, parseJson], // json
  [700, 1021, parseNumber], // float4
  [701, 1022, parseNumber], // float8
  [1042, 1014, keepText], // bpchar
  [1043, 1015, keepText], // varchar
  [1082, 1182, keepText], // date: a day, not an instant
  [1114, 1115, keepText], // timestamp
  [1184, 1185, (text) => toRfc3339(text)], // timestamptz
  [1700, 1231, keepText], // numeric
  [2950, 2951, keepText], // uuid
  [3802, 3807, parseJson], // jsonb
];

/** How the text of a column is read, by its type number; a type that is not here stays text. */
export const columnParsers: ReadonlyMap<number, Parse> = new Map(
  types.flatMap(([type, arrayType, parse]): [number, Parse][] => [
    [type, parse],
    [arrayType, (text) => parseArrayLiteral(text, parse)],
  ]),
);

export function columnParser(type: number): Parse {
  return columnParsers.get(type) ?? keepText;
}
