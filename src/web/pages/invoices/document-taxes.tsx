import type { z } from 'zod';
import type { documentTaxWire } from '../../../contract/books-wire.ts';
import { Amount, Quantity } from '../../parts/amount.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Name } from '../../parts/name.tsx';

type Tax = z.infer<typeof documentTaxWire>;

interface DocumentTaxesProps {
  readonly taxes: readonly Tax[];
  readonly currency: string;
}

/** What each tax code comes to on a document, as its PDF says it. A document without tax shows nothing. */
export function DocumentTaxes({ taxes, currency }: DocumentTaxesProps) {
  if (taxes.length === 0) return null;
  const amount = (key: 'base' | 'tax', header: string): Column<Tax> => ({
    key,
    header,
    align: 'end',
    fit: true,
    text: (row) => row[key],
    cell: (row) => <Amount amount={row[key]} currency={currency} bare />,
  });
  const columns: readonly Column<Tax>[] = [
    {
      key: 'name',
      header: 'Tax',
      text: ({ name }) => name,
      cell: ({ code, name, note }) => (
        <>
          {code === null ? null : <span className="mono">{code} </span>}
          <Name text={name} whole />
          {note === null ? null : (
            <div className="soft small">
              <Name text={note} whole />
            </div>
          )}
        </>
      ),
    },
    {
      key: 'rate',
      header: 'Rate %',
      align: 'end',
      fit: true,
      text: ({ rate }) => rate ?? '',
      cell: ({ rate }) => (rate === null ? null : <Quantity value={rate} />),
    },
    amount('base', `Net ${currency}`),
    amount('tax', `Tax ${currency}`),
  ];
  return (
    <section aria-labelledby="taxes" style={{ marginTop: '1.25rem' }}>
      <h3 id="taxes">Tax by code</h3>
      <DataTable
        label="Tax by code"
        columns={columns}
        rows={taxes}
        rowKey={({ code }) => code ?? 'without a code'}
      />
    </section>
  );
}
