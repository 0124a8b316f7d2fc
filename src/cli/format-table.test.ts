import { describe, expect, test } from 'vitest';
import { type Column, formatTable } from './format-table.ts';

interface Row {
  readonly name: string;
  readonly total: string;
}
const columns: readonly Column<Row>[] = [
  { title: 'Name', value: ({ name }) => name, shrinks: true },
  { title: 'Total', value: ({ total }) => total, align: 'right' },
];

describe('A table', () => {
  test('aligns text to the left and amounts to the right, wide characters too', () => {
    const rows = [
      { name: '日本', total: '5' },
      { name: 'Acme Ltd', total: '1,250' },
    ];
    expect(formatTable(rows, columns, null)).toBe('Name      Total\n日本          5\nAcme Ltd  1,250\n');
  });

  test('takes what is too wide from names, never from amounts', () => {
    const rows = [{ name: 'A very long name of a company that goes on', total: '1,234,567.00' }];
    const [, line = ''] = formatTable(rows, columns, 40).split('\n');
    expect(line).toMatch(/^A very long name of a com…\s+1,234,567.00$/);
    expect(line).toHaveLength(40);
  });

  test('keeps names of a dozen columns however narrow the terminal is', () => {
    const rows = [{ name: 'A very long name', total: '1.00' }];
    expect(formatTable(rows, columns, 5)).toContain('A very long…');
  });
});
