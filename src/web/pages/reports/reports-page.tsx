import { Link } from '@tanstack/react-router';
import { PageHeader } from '../../parts/page-header.tsx';

const statements = [
  {
    to: '/reports/profit-and-loss',
    name: 'Profit and loss',
    says: 'Income, expense and result of any range, month by month or beside another time.',
  },
  {
    to: '/reports/balance-sheet',
    name: 'Balance sheet',
    says: 'What there is and whose it is, on any day.',
  },
  {
    to: '/reports/trial-balance',
    name: 'Trial balance',
    says: 'Debit and credit of every account on a day, in the entity’s base currency.',
  },
  {
    to: '/reports/general-ledger',
    name: 'General ledger',
    says: 'Every line of an account, with its balance after each.',
  },
  {
    to: '/reports/ar-aging',
    name: 'AR aging',
    says: 'What customers owe on any day, by how long it is due. Statements of customers start here, too.',
  },
  {
    to: '/reports/deferred-revenue',
    name: 'Deferred revenue',
    says: 'Contracts month by month: opening, billed, recognised, closing; contract liabilities and assets.',
  },
  {
    to: '/reports/contract-balances',
    name: 'Contract balances',
    says: 'What each contract is billed ahead, or has earned ahead, on any day.',
  },
  {
    to: '/reports/remaining-performance-obligation',
    name: 'Remaining performance obligation',
    says: 'What is promised and not yet recognised, and when it will be.',
  },
  {
    to: '/reports/revaluation',
    name: 'Revaluation',
    says: 'Balances in foreign currencies at the closing rate of a month’s last day, reversed on the next.',
  },
] as const;

export function ReportsPage() {
  return (
    <>
      <PageHeader title="Reports" crumbs={['Planning & Reports']} />
      <div className="integration-grid">
        {statements.map(({ to, name, says }) => (
          <article key={to} className="card">
            <h2>
              <Link className="link" to={to}>
                {name}
              </Link>
            </h2>
            <p className="soft" style={{ margin: 0 }}>
              {says}
            </p>
          </article>
        ))}
      </div>
    </>
  );
}
