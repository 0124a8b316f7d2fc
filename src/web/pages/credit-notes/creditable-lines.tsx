import { Button, TextInput } from '@mantine/core';
import type { ResponseOf } from '../../../contract/client.ts';
import { isZeroAmount } from '../../format/amount.ts';
import { Amount } from '../../parts/amount.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Name } from '../../parts/name.tsx';

type Creditable = ResponseOf<'getCreditable'>;
type Line = Creditable['lines'][number];

interface CreditableLinesProps {
  readonly creditable: Creditable;
  /** Net amounts as they are typed, by the line's position. */
  readonly amounts: Readonly<Record<number, string>>;
  readonly change: (position: number, amount: string) => void;
}

/** The lines of an invoice with what is left of each, and a field for what is credited of it. */
export function CreditableLines({ creditable, amounts, change }: CreditableLinesProps) {
  const { currency } = creditable;
  // The credit of a discount is a discount less: its field takes the amount without the sign.
  const leftOf = ({ left }: Line): string => left.replace('-', '');
  const columns: readonly Column<Line>[] = [
    {
      key: 'position',
      header: '#',
      fit: true,
      hide: 'xs',
      cell: ({ position }) => <span className="soft numeric">{position}</span>,
    },
    {
      key: 'description',
      header: 'Line',
      cell: ({ description, left }) => (
        <>
          <Name text={description} whole />
          <span className="xs-only soft small">
            <Amount amount={left} currency={currency} /> left
          </span>
        </>
      ),
    },
    {
      key: 'tax',
      header: 'Its tax',
      align: 'end',
      fit: true,
      hide: 'sm',
      cell: ({ leftTax }) => <Amount amount={leftTax} currency={currency} bare hideZero />,
    },
    {
      key: 'left',
      header: `Left, ${currency}`,
      align: 'end',
      fit: true,
      hide: 'xs',
      cell: ({ left }) => <Amount amount={left} currency={currency} bare />,
    },
    {
      key: 'amount',
      header: 'Credit',
      align: 'end',
      fit: true,
      cell: (line) =>
        isZeroAmount(line.left) ? (
          <span className="soft">Credited</span>
        ) : (
          <div className="row" style={{ justifyContent: 'flex-end', flexWrap: 'nowrap', gap: '0.35rem' }}>
            <Button
              variant="subtle"
              size="compact-xs"
              aria-label={`Credit all of line ${line.position}`}
              onClick={() => change(line.position, leftOf(line))}
            >
              All
            </Button>
            <TextInput
              size="xs"
              w={100}
              inputMode="decimal"
              aria-label={`Credit of line ${line.position}`}
              styles={{ input: { textAlign: 'end' } }}
              value={amounts[line.position] ?? ''}
              onChange={(event) => change(line.position, event.currentTarget.value)}
            />
          </div>
        ),
    },
  ];
  return (
    <DataTable
      label="Lines that can be credited"
      columns={columns}
      rows={creditable.lines}
      rowKey={({ position }) => String(position)}
    />
  );
}
