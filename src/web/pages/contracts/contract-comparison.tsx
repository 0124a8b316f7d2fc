import type { ContractWire } from '../../../contract/contracts-wire.ts';
import { subtractAmounts } from '../../format/sum.ts';
import { Amount } from '../../parts/amount.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Day, Month } from '../../parts/date-text.tsx';
import { Name } from '../../parts/name.tsx';
import { compareContracts, type ComparedMonth, type ComparedObligation } from './compare-contracts.ts';

interface ContractComparisonProps {
  readonly before: ContractWire;
  readonly after: ContractWire;
}

/** A contract after a change that is not made yet, beside the contract as it is. */
export function ContractComparison({ before, after }: ContractComparisonProps) {
  const { currency } = before.document;
  const { obligations, revenue, bills } = compareContracts(before, after);
  return (
    <section className="stack" aria-labelledby="after">
      <h2 id="after" style={{ margin: 0 }}>
        After the change
      </h2>
      <dl className="figures">
        <Compared name="Price" before={before.price} after={after.price} currency={currency} />
        <Compared
          name="Remaining"
          before={subtractAmounts(before.price, before.recognised)}
          after={subtractAmounts(after.price, after.recognised)}
          currency={currency}
        />
        <Compared name="Billed" before={before.billed} after={after.billed} currency={currency} />
      </dl>
      <DataTable
        label="Obligations after the change"
        columns={obligationColumns(currency)}
        rows={obligations}
        rowKey={({ position }) => String(position)}
      />
      <h3 style={{ margin: 0 }}>Revenue that changes, by month</h3>
      <MonthTable label="Revenue by month" rows={revenue} currency={currency} />
      <h3 style={{ margin: 0 }}>Bills that change, by day</h3>
      <MonthTable label="Bills by day" rows={bills} currency={currency} />
    </section>
  );
}

interface ComparedProps {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly currency: string;
}

function Compared({ name, before, after, currency }: ComparedProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Amount amount={after} currency={currency} />
        {before === after ? null : (
          <div className="soft small" style={{ fontWeight: 400 }}>
            before <Amount amount={before} currency={currency} bare />
          </div>
        )}
      </dd>
    </div>
  );
}

function obligationColumns(currency: string): readonly Column<ComparedObligation>[] {
  const amount = (key: 'before' | 'after', header: string): Column<ComparedObligation> => ({
    key,
    header: `${header} ${currency}`,
    align: 'end',
    fit: true,
    cell: (row) => <Amount amount={row[key]} currency={currency} bare />,
  });
  return [
    {
      key: 'obligation',
      header: 'Obligation',
      cell: ({ description, isNew, serviceStart, serviceEnd, serviceEndBefore }) => (
        <>
          <Name text={description} whole />
          <div className="soft small">
            {isNew ? 'New, ' : ''}
            <Day day={serviceStart} /> – <Day day={serviceEnd} />
            {serviceEndBefore === null ? null : (
              <>
                , before to <Day day={serviceEndBefore} />
              </>
            )}
          </div>
        </>
      ),
    },
    amount('before', 'Before'),
    amount('after', 'After'),
  ];
}

interface MonthTableProps {
  readonly label: string;
  readonly rows: readonly ComparedMonth[];
  readonly currency: string;
}

function MonthTable({ label, rows, currency }: MonthTableProps) {
  if (rows.length === 0)
    return (
      <p className="soft" style={{ margin: 0 }}>
        None.
      </p>
    );
  const amount = (
    key: 'before' | 'after' | 'difference',
    header: string,
    hide?: 'xs',
  ): Column<ComparedMonth> => ({
    key,
    header,
    align: 'end',
    fit: true,
    ...(hide ? { hide } : {}),
    cell: (row) => <Amount amount={row[key]} currency={currency} bare />,
  });
  const when: Column<ComparedMonth> = {
    key: 'when',
    header: 'When',
    cell: ({ at }) =>
      at === null ? (
        'When milestones are reached'
      ) : at.length === 7 ? (
        <Month day={`${at}-01`} />
      ) : (
        <Day day={at} />
      ),
  };
  return (
    <DataTable
      label={label}
      columns={[
        when,
        amount('before', 'Before', 'xs'),
        amount('after', 'After'),
        amount('difference', `Difference ${currency}`),
      ]}
      rows={rows}
      rowKey={({ at }) => at ?? 'milestones'}
    />
  );
}
