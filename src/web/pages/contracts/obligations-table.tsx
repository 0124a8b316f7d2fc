import { Link } from '@tanstack/react-router';
import type { ContractWire } from '../../../contract/contracts-wire.ts';
import { sumAmounts } from '../../format/sum.ts';
import { countOf } from '../../format/count.ts';
import { recognitionWords } from '../../format/words.ts';
import { Amount, Quantity } from '../../parts/amount.tsx';
import { Day } from '../../parts/date-text.tsx';
import { Name } from '../../parts/name.tsx';
import { ObligationSchedule } from './obligation-schedule.tsx';

type Obligation = ContractWire['obligations'][number];

interface ObligationsTableProps {
  readonly contract: ContractWire;
  readonly canPost: boolean;
  /** Position of the obligation whose schedule is shown, as it stands in the address; `all` shows every one. */
  readonly open: string | undefined;
}

/** The performance obligations of a contract; each opens on its schedule by month. */
export function ObligationsTable({ contract, canPost, open }: ObligationsTableProps) {
  const { obligations, document } = contract;
  const { currency, id } = document;
  const sum = (of: (obligation: Obligation) => string): string => sumAmounts(obligations.map(of));
  // A single obligation needs no click to be seen whole.
  const isOpen = ({ position }: Obligation): boolean =>
    open === 'all' || open === String(position) || (open === undefined && obligations.length === 1);
  return (
    <section aria-labelledby="obligations">
      <div className="row row-between">
        <h2 id="obligations">{countOf(obligations.length, 'performance obligation')}</h2>
        {obligations.length > 1 ? (
          <Link
            className="link small"
            to="/contracts/$contractId"
            params={{ contractId: id }}
            search={open === 'all' ? {} : { obligation: 'all' }}
            resetScroll={false}
          >
            {open === 'all' ? 'Close all schedules' : 'Open all schedules'}
          </Link>
        ) : null}
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolled region has to be reachable by keyboard */}
      <div className="table-frame" role="group" aria-label="Performance obligations" tabIndex={0}>
        <table className="table">
          <thead>
            <tr>
              <th>What was promised</th>
              <th className="end fit hide-sm">Stand-alone {currency}</th>
              <th className="end fit">Allocated {currency}</th>
              <th className="end fit hide-xs">Recognised {currency}</th>
              <th className="fit">Schedule</th>
            </tr>
          </thead>
          <tbody>
            {obligations.map((obligation) => (
              <ObligationRows
                key={obligation.position}
                contract={contract}
                obligation={obligation}
                canPost={canPost}
                isOpen={isOpen(obligation)}
                isOnly={obligations.length === 1}
              />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">Total</th>
              <td className="end hide-sm">
                <Amount amount={sum(({ standalone }) => standalone)} currency={currency} bare />
              </td>
              <td className="end">
                <Amount amount={sum(({ allocated }) => allocated)} currency={currency} bare />
              </td>
              <td className="end hide-xs">
                <Amount amount={sum(({ recognised }) => recognised)} currency={currency} bare />
              </td>
              <td />
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  );
}

interface ObligationRowsProps {
  readonly contract: ContractWire;
  readonly obligation: Obligation;
  readonly canPost: boolean;
  readonly isOpen: boolean;
  readonly isOnly: boolean;
}

function ObligationRows({ contract, obligation, canPost, isOpen, isOnly }: ObligationRowsProps) {
  const { currency, id } = contract.document;
  const { position, description, quantity, recognition, serviceStart, serviceEnd } = obligation;
  return (
    <>
      <tr>
        <td style={{ minWidth: '9rem' }}>
          <Name text={description} whole />
          <div className="soft small">
            {quantity === '1' ? null : (
              <>
                <Quantity value={quantity} /> ×,{' '}
              </>
            )}
            {recognitionWords[recognition]}, <Day day={serviceStart} /> – <Day day={serviceEnd} />
          </div>
        </td>
        <td className="end fit hide-sm">
          <Amount amount={obligation.standalone} currency={currency} bare />
        </td>
        <td className="end fit">
          <Amount amount={obligation.allocated} currency={currency} bare />
        </td>
        <td className="end fit hide-xs">
          <Amount amount={obligation.recognised} currency={currency} bare />
        </td>
        <td className="fit">
          <Link
            to="/contracts/$contractId"
            params={{ contractId: id }}
            search={{ obligation: isOpen ? (isOnly ? 'none' : undefined) : String(position) }}
            resetScroll={false}
          >
            {isOpen ? 'Close' : 'Open'}
            <span className="visually-hidden"> the schedule of {description}</span>
          </Link>
        </td>
      </tr>
      {isOpen ? (
        <tr className="inner">
          <td colSpan={5}>
            <ObligationSchedule contract={contract} obligation={obligation} canPost={canPost} />
          </td>
        </tr>
      ) : null}
    </>
  );
}
