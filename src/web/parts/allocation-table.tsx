import { TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { z } from 'zod';
import type { openInvoiceWire } from '../../contract/cash-wire.ts';
import { Amount } from './amount.tsx';
import { type Column, DataTable } from './data-table.tsx';
import { Day } from './date-text.tsx';

type OpenInvoice = z.infer<typeof openInvoiceWire>;

interface AllocationTableProps {
  readonly invoices: readonly OpenInvoice[];
  readonly currency: string;
  /** What goes on each invoice, by its id; absent: what is proposed. */
  readonly amounts: Readonly<Record<string, string>>;
  readonly change: (documentId: string, amount: string) => void;
}

/** Open invoices, the oldest first, each with a field for what goes on it. */
export function AllocationTable({ invoices, currency, amounts, change }: AllocationTableProps) {
  const columns: readonly Column<OpenInvoice>[] = [
    {
      key: 'number',
      header: 'Invoice',
      fit: true,
      cell: ({ documentId, number }) => (
        <Link className="link" to="/invoices/$documentId" params={{ documentId }}>
          {number}
        </Link>
      ),
    },
    { key: 'due', header: 'Due', fit: true, hide: 'xs', cell: ({ dueDate }) => <Day day={dueDate} /> },
    {
      key: 'open',
      header: 'Open',
      align: 'end',
      cell: ({ openAmount }) => <Amount amount={openAmount} currency={currency} />,
    },
    {
      key: 'amount',
      header: 'Pays',
      align: 'end',
      fit: true,
      cell: ({ documentId, number, proposed }) => (
        <TextInput
          size="xs"
          w={120}
          inputMode="decimal"
          aria-label={`Amount for ${number}`}
          styles={{ input: { textAlign: 'end' } }}
          value={amounts[documentId] ?? proposed}
          onChange={(event) => change(documentId, event.currentTarget.value)}
        />
      ),
    },
  ];
  return (
    <DataTable
      label="Open invoices"
      columns={columns}
      rows={invoices}
      rowKey={({ documentId }) => documentId}
    />
  );
}

/** The amounts as the API takes them: those that are more than nothing. */
export function allocationsOf(
  invoices: readonly OpenInvoice[],
  amounts: Readonly<Record<string, string>>,
): { documentId: string; amount: string }[] {
  return invoices
    .map(({ documentId, proposed }) => ({ documentId, amount: (amounts[documentId] ?? proposed).trim() }))
    .filter(({ amount }) => !/^0*(\.0*)?$/.test(amount));
}
