import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { apiQuery } from '../../api/query.ts';
import { auditColumns } from '../../parts/audit-table.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Problem } from '../../parts/note.tsx';

/** The newest changes stand here; the rest is a filter of the audit trail away. */
const changesShown = 10;

/** All entries are of the contract. */
const columns = auditColumns.filter(({ key }) => key !== 'subject');

/** What was done to the contract, newest first, with before and after. */
export function ContractHistory({ contractId }: { readonly contractId: string }) {
  const entries = useQuery(
    apiQuery('listAuditEntries', {
      query: { subjectType: 'document', subjectId: contractId, limit: changesShown },
    }),
  );
  return (
    <section aria-labelledby="history">
      <div className="row row-between">
        <h2 id="history">History</h2>
        <Link
          className="link small"
          to="/settings/audit-trail"
          search={{ subject: 'document', id: contractId }}
        >
          Open in the audit trail
        </Link>
      </div>
      <Problem error={entries.error} />
      <DataTable
        label="Changes of the contract"
        columns={columns}
        rows={entries.data?.data}
        rowKey={({ id }) => id}
      />
    </section>
  );
}
