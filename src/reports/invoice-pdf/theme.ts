import type { PrintableInvoice } from './printable-invoice.ts';
import type { TextStyle } from './text-block.ts';

/** In points, 72 to an inch. */
export const margin = { top: 54, side: 54, bottom: 66 };

export const color = { text: '#1f2933', note: '#5f6c7b', faint: '#d5dbe1', stamp: '#d64545' };

export const text = {
  title: { size: 20, weight: 700, color: color.text },
  name: { size: 11, weight: 700, color: color.text },
  body: { size: 9, weight: 400, color: color.text },
  strong: { size: 9, weight: 700, color: color.text },
  heading: { size: 8, weight: 700, color: color.note },
  note: { size: 8, weight: 400, color: color.note },
  total: { size: 10.5, weight: 700, color: color.text },
  stamp: { size: 90, weight: 700, color: color.stamp },
} as const satisfies Readonly<Record<string, TextStyle>>;

export function documentWord({ kind }: Pick<PrintableInvoice, 'kind'>): string {
  return kind === 'invoice' ? 'Invoice' : 'Credit note';
}
