import type { DocumentWire } from '../../contract/books-wire.ts';
import { isZeroAmount } from '../format/amount.ts';
import { subtractAmounts } from '../format/sum.ts';
import { Amount, Quantity } from './amount.tsx';
import { Name } from './name.tsx';

type Line = DocumentWire['lines'][number];

interface DocumentLinesProps {
  readonly lines: readonly Line[];
  readonly currency: string;
}

export function DocumentLines({ lines, currency }: DocumentLinesProps) {
  const hasDiscount = lines.some(({ discountAmount }) => !isZeroAmount(discountAmount));
  const hasTax = lines.some(({ tax }) => !isZeroAmount(tax));
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolled region has to be reachable by keyboard
    <section aria-label="Lines of the document" tabIndex={0} style={{ overflowX: 'auto' }}>
      <table className="table">
        <thead>
          <tr>
            <th className="fit">#</th>
            <th>Description</th>
            <th className="end">Quantity</th>
            <th className="end">Unit price</th>
            {hasDiscount ? <th className="end">Discount</th> : null}
            {hasTax ? <th className="end">Tax</th> : null}
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
              </td>
              <td className="end">
                <Quantity value={line.quantity} />
              </td>
              <td className="end">
                <Amount amount={line.unitPrice} currency={currency} bare />
              </td>
              {hasDiscount ? (
                <td className="end">
                  <Discount line={line} currency={currency} />
                </td>
              ) : null}
              {hasTax ? (
                <td className="end">
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
    </section>
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
