import { formatAmount, formatNumber, isZeroAmount } from '../format/amount.ts';

interface AmountProps {
  /** The decimal string of the wire. */
  readonly amount: string;
  readonly currency: string;
  /** Without its code, where the column or the document says the currency. */
  readonly bare?: boolean;
  /** In debit and credit columns a zero is an empty side. */
  readonly hideZero?: boolean;
}

export function Amount({ amount, currency, bare = false, hideZero = false }: AmountProps) {
  if (hideZero && isZeroAmount(amount)) return null;
  return (
    <span className="numeric">
      {bare ? null : <span className="unit">{currency}</span>}
      {formatAmount(amount, currency)}
    </span>
  );
}

export function Quantity({ value }: { readonly value: string }) {
  return <span className="numeric">{formatNumber(value)}</span>;
}
