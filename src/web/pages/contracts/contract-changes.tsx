import type { ContractWire } from '../../../contract/contracts-wire.ts';
import { actorWords } from '../../format/words.ts';
import { Amount } from '../../parts/amount.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Day, InstantText } from '../../parts/date-text.tsx';
import { Name } from '../../parts/name.tsx';

type Change = ContractWire['changes'][number];

const methodWords = {
  prospective: 'Modified from the day on',
  catch_up: 'Modified, corrected at once',
  separate: 'Extended by a contract of its own',
} as const;

function wordsOf({ kind, method }: Change): string {
  if (kind === 'termination') return 'Terminated';
  return method === null ? 'Modified' : methodWords[method];
}

function columnsIn(currency: string): readonly Column<Change>[] {
  return [
    {
      key: 'what',
      header: 'What',
      cell: (change) => (
        <>
          {wordsOf(change)}
          <div className="soft small">
            <Name text={change.reason} whole />
          </div>
        </>
      ),
    },
    {
      key: 'day',
      header: 'Day',
      fit: true,
      cell: ({ effectiveOn }) => <Day day={effectiveOn} />,
    },
    {
      key: 'by',
      header: 'Made',
      hide: 'md',
      cell: ({ createdAt, createdBy }) => (
        <>
          <InstantText instant={createdAt} /> <span className="soft">by</span>{' '}
          <Name text={actorWords(createdBy)} />
        </>
      ),
    },
    {
      key: 'before',
      header: 'Price before',
      align: 'end',
      fit: true,
      hide: 'sm',
      cell: ({ priceBefore }) => <Amount amount={priceBefore} currency={currency} bare />,
    },
    {
      key: 'after',
      header: `Price after ${currency}`,
      align: 'end',
      fit: true,
      cell: ({ priceAfter }) => <Amount amount={priceAfter} currency={currency} bare />,
    },
  ];
}

/** Modifications and the termination; nothing where there are none. */
export function ContractChanges({ contract }: { readonly contract: ContractWire }) {
  if (contract.changes.length === 0) return null;
  return (
    <section aria-labelledby="changes">
      <h2 id="changes">Changes</h2>
      <DataTable
        label="Modifications of the contract"
        columns={columnsIn(contract.document.currency)}
        rows={contract.changes}
        rowKey={({ number }) => String(number)}
      />
    </section>
  );
}
