import type { z } from 'zod';
import type { currencyTotalWire } from '../../contract/books-wire.ts';
import { countOf } from '../format/count.ts';
import { Amount } from './amount.tsx';

export type CurrencyTotal = z.infer<typeof currencyTotalWire>;

interface CurrencyTotalsProps {
  readonly totals: readonly CurrencyTotal[];
  readonly noun?: string;
  readonly label: string;
}

/** A total for each currency; they are never added across. */
export function CurrencyTotals({ totals, noun = 'invoice', label }: CurrencyTotalsProps) {
  if (totals.length === 0) return null;
  return (
    <ul className="totals" aria-label={label}>
      {totals.map(({ currency, count, total }) => (
        <li key={currency}>
          <strong>
            <Amount amount={total} currency={currency} />
          </strong>{' '}
          <span className="soft small">in {countOf(count, noun)}</span>
        </li>
      ))}
    </ul>
  );
}
