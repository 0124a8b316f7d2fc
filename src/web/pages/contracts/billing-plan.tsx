import { Link } from '@tanstack/react-router';
import type { ContractWire } from '../../../contract/contracts-wire.ts';
import { isZeroAmount } from '../../format/amount.ts';
import { sumAmounts } from '../../format/sum.ts';
import { Amount } from '../../parts/amount.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Day } from '../../parts/date-text.tsx';
import { Status } from '../../parts/status.tsx';

type Billing = ContractWire['billings'][number];

function columnsIn(currency: string, hasTax: boolean): readonly Column<Billing>[] {
  const amount: Column<Billing> = {
    key: 'amount',
    header: `Without tax ${currency}`,
    align: 'end',
    fit: true,
    cell: (billing) => <Amount amount={billing.amount} currency={currency} bare />,
  };
  const tax: Column<Billing> = {
    key: 'tax',
    header: 'Tax',
    align: 'end',
    fit: true,
    hide: 'sm',
    cell: (billing) => <Amount amount={billing.tax} currency={currency} bare />,
  };
  return [
    { key: 'date', header: 'Due to bill', fit: true, cell: ({ date }) => <Day day={date} /> },
    {
      key: 'invoice',
      header: 'Invoice',
      cell: ({ amount: net, documentId, documentNumber, documentStatus }) =>
        documentId === null ? (
          <span className="soft">Not made yet</span>
        ) : (
          <span className="row">
            <Link className="link" to="/invoices/$documentId" params={{ documentId }}>
              {documentNumber ?? (net.startsWith('-') ? 'Draft credit note' : 'Draft invoice')}
            </Link>
            {documentStatus === null ? null : <Status status={documentStatus} />}
          </span>
        ),
    },
    ...(hasTax ? [tax] : []),
    amount,
  ];
}

/** What is billed when, and the invoices that were made of it. */
export function BillingPlan({ contract }: { readonly contract: ContractWire }) {
  const { billings, document } = contract;
  const hasTax = billings.some(({ tax }) => !isZeroAmount(tax));
  return (
    <section aria-labelledby="billing">
      <h2 id="billing">Billing plan</h2>
      {billings.length === 0 ? (
        <p className="soft" style={{ margin: 0 }}>
          It is chosen when the contract is activated: up front, in advance, in arrears, or days of your own.
        </p>
      ) : (
        <DataTable
          label="Billing plan"
          columns={columnsIn(document.currency, hasTax)}
          rows={billings}
          rowKey={({ position }) => String(position)}
          foot={
            <tr>
              <th scope="row" colSpan={2}>
                Total
              </th>
              {hasTax ? (
                <td className="end hide-sm">
                  <Amount
                    amount={sumAmounts(billings.map(({ tax }) => tax))}
                    currency={document.currency}
                    bare
                  />
                </td>
              ) : null}
              <td className="end">
                <Amount
                  amount={sumAmounts(billings.map(({ amount }) => amount))}
                  currency={document.currency}
                  bare
                />
              </td>
            </tr>
          }
        />
      )}
    </section>
  );
}
