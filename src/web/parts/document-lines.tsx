import type { z } from 'zod';
import type { plannedLineWire } from '../../contract/books-wire.ts';
import { isZeroAmount } from '../format/amount.ts';
import { subtractAmounts } from '../format/sum.ts';
import { Amount, Quantity } from './amount.tsx';
import { Name } from './name.tsx';

type Line = z.infer<typeof plannedLineWire>;

interface DocumentLinesProps {
  readonly lines: readonly Line[];
  readonly currency: string;
}

export function DocumentLines({ lines, currency }: DocumentLinesProps) {
  const hasDiscount = lines.some(({ discountAmount }) => !isZeroAmount(discountAmount));
  const hasTax = lines.some(({ tax }) => !isZeroAmount(tax));
  return (
    <div
      role="group"
      aria-label="Lines of the document"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolled region has to be reachable by keyboard
      tabIndex={0}
      className="lines-frame"
      style={{ overflowX: 'auto' }}
    >
      <table className="table">
        <thead>
          <tr>
            <th className="fit">#</th>
            <th>Description</th>
            <th className="end wide-only">Quantity</th>
            <th className="end wide-only">Unit price</th>
            {hasDiscount ? <th className="end wide-only">Discount</th> : null}
            {hasTax ? <th className="end wide-only">Tax</th> : null}
            <th className="end">Amount {currency}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.position}>
              <td className="fit soft numeric">{line.position}</td>
              <td style={{ minWidth: '9rem' }}>
                <Name text={line.description} whole />
                {line.sku ? <div className="soft mono">{line.sku}</div> : null}
                <div className="soft small narrow-only">
                  <Quantity value={line.quantity} /> ×{' '}
                  <Amount amount={line.unitPrice} currency={currency} bare />
                  {isZeroAmount(line.discountAmount) ? null : (
                    <>
                      {' '}
                      less <Amount amount={line.discountAmount} currency={currency} bare />
                    </>
                  )}
                  {isZeroAmount(line.tax) ? null : (
                    <>
                      , tax <Amount amount={line.tax} currency={currency} bare />
                    </>
                  )}
                </div>
              </td>
              <td className="end wide-only">
                <Quantity value={line.quantity} />
              </td>
              <td className="end wide-only">
                <Amount amount={line.unitPrice} currency={currency} bare />
              </td>
              {hasDiscount ? (
                <td className="end wide-only">
                  <Discount line={line} currency={currency} />
                </td>
              ) : null}
              {hasTax ? (
                <td className="end wide-only">
                  <Amount amount={line.tax} currency={currency} bare hideZero />
                </td>
              ) : null}
              <td className="end">
                <Amount amount={line.amount} currency={currency} bare />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Discount({ line, currency }: { readonly line: Line; readonly currency: string }) {
  if (isZeroAmount(line.discountAmount)) return null;
  return (
    <>
      <Amount amount={`-${line.discountAmount}`.replace('--', '')} currency={currency} bare />
      {line.discountPercent ? (
        <div className="soft small">
          <Quantity value={line.discountPercent} /> %
        </div>
      ) : null}
    </>
  );
}

interface DocumentTotalsProps {
  readonly currency: string;
  readonly total: string;
  readonly taxTotal: string;
  readonly openAmount?: string;
}

export function DocumentTotals({ currency, total, taxTotal, openAmount }: DocumentTotalsProps) {
  return (
    <div className="sum" style={{ marginTop: '0.75rem' }}>
      {isZeroAmount(taxTotal) ? null : (
        <>
          <span className="soft">Net</span>
          <span className="end">
            <Amount amount={subtractAmounts(total, taxTotal)} currency={currency} bare />
          </span>
          <span className="soft">Tax</span>
          <span className="end">
            <Amount amount={taxTotal} currency={currency} bare />
          </span>
        </>
      )}
      <span className="grand">Total</span>
      <span className="grand end">
        <Amount amount={total} currency={currency} />
      </span>
      {openAmount !== undefined && openAmount !== total ? (
        <>
          <span className="soft">Open</span>
          <span className="end">
            <Amount amount={openAmount} currency={currency} />
          </span>
        </>
      ) : null}
    </div>
  );
}
