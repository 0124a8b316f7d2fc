import { expect, test } from 'vitest';
import { toCsv } from './csv.ts';

const columns = [
  { header: 'Name', text: (row: { name: string; amount: string }) => row.name },
  { header: 'Amount', text: (row: { name: string; amount: string }) => row.amount },
];

test('A cell that a spreadsheet would run as a formula is saved as text, a negative amount stays a number', () => {
  expect(toCsv(columns, [{ name: '=HYPERLINK("x")', amount: '-12.50' }])).toBe(
    '\uFEFFName,Amount\r\n"\'=HYPERLINK(""x"")",-12.50\r\n',
  );
});

test('Commas, quotes and line breaks stay inside their cell', () => {
  expect(toCsv(columns, [{ name: 'A, "B"\nC', amount: '1' }])).toBe(
    '\uFEFFName,Amount\r\n"A, ""B""\nC",1\r\n',
  );
});
