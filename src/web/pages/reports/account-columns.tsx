import { Link } from '@tanstack/react-router';
import type { Column } from '../../parts/data-table.tsx';
import { Name } from '../../parts/name.tsx';

interface AccountRow {
  /** The account's number; null: a sum, or a figure that is worked out. */
  readonly account: string | null;
  readonly name: string;
  readonly isSum?: boolean;
}

interface LedgerRange {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Number and name of an account, which lead to its general ledger; on a phone the number stands below the name. */
export function accountColumns<Row extends AccountRow>(range: LedgerRange): readonly Column<Row>[] {
  const link = (account: string | null, className: string) =>
    account === null ? null : (
      <Link className={className} to="/reports/general-ledger" search={{ account, ...range }}>
        {account}
      </Link>
    );
  return [
    {
      key: 'account',
      header: 'Account',
      fit: true,
      hide: 'xs',
      text: ({ account }) => account ?? '',
      cell: ({ account }) => link(account, 'row-link mono'),
    },
    {
      key: 'name',
      header: 'Name',
      text: ({ name }) => name,
      cell: ({ account, name, isSum = false }) => (
        <>
          {isSum ? <strong>{name}</strong> : <Name text={name} />}
          {link(account, 'xs-only link mono small')}
        </>
      ),
    },
  ];
}
