import { Link } from '@tanstack/react-router';
import { PageHeader } from '../../parts/page-header.tsx';

export function ReportsPage() {
  return (
    <>
      <PageHeader title="Reports" crumbs={['Planning & Reports']} />
      <div className="integration-grid">
        <article className="card">
          <h2>
            <Link className="link" to="/reports/trial-balance">
              Trial balance
            </Link>
          </h2>
          <p className="soft" style={{ margin: 0 }}>
            Debit and credit of every account on a day, in the entity’s base currency.
          </p>
        </article>
      </div>
    </>
  );
}
