import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import type { ConnectionWire, reviewGroupWire } from '../../../contract/sync-wire.ts';
import { apiQuery, useApiMutation } from '../../api/query.ts';
import { causeOf } from '../../format/cause.ts';
import { countOf } from '../../format/count.ts';
import { Amount } from '../../parts/amount.tsx';
import { ButtonLink, OutsideLink } from '../../parts/link.tsx';
import { Name } from '../../parts/name.tsx';
import { Empty, Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { LinesPlaceholder } from '../../parts/placeholder.tsx';
import { ReleaseDeals } from '../../parts/release-deals.tsx';
import { Status } from '../../parts/status.tsx';
import { connectionsQuery, useBooksScope } from '../../shell/books-scope.ts';
import { useCan } from '../../shell/session.ts';

type Group = z.infer<typeof reviewGroupWire>;

export function ReviewPage() {
  const { connection } = useSearch({ from: '/app/review' });
  const scope = useBooksScope();
  const connections = useQuery(connectionsQuery).data?.data ?? [];
  const review = useQuery({
    ...apiQuery('listReview', { query: { connectionId: connection } }),
    refetchInterval: 15_000,
  });
  const groups = (review.data?.data ?? []).filter((group) => {
    const owner = connections.find(({ id }) => id === group.connectionId);
    return connection !== undefined || owner === undefined || owner.mode === scope.mode;
  });
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  return (
    <>
      <PageHeader
        title="Review"
        lead={
          review.data
            ? count === 0
              ? 'Nothing waits for you.'
              : `${countOf(count, 'record')} held or failing now, grouped by cause.`
            : null
        }
      />
      <Problem error={review.error} />
      {review.isPending ? <LinesPlaceholder lines={6} height={32} /> : null}
      {review.data && groups.length === 0 ? (
        <Empty
          title="Nothing to look at"
          action={
            <ButtonLink to="/invoices" search={{ status: 'draft' }} variant="default">
              See the drafts
            </ButtonLink>
          }
        >
          Deals that are held or fail appear here with what is wrong and how to mend it. The others are never
          held up by them.
        </Empty>
      ) : null}
      <div className="stack">
        {groups.map((group) => (
          <GroupCard
            key={`${group.connectionId} ${group.code}`}
            group={group}
            connection={connections.find(({ id }) => id === group.connectionId)}
          />
        ))}
      </div>
    </>
  );
}

interface GroupCardProps {
  readonly group: Group;
  readonly connection: ConnectionWire | undefined;
}

/** The first records of a cause stand here; opening it shows the others. */
const recordsShown = 8;

function GroupCard({ group, connection }: GroupCardProps) {
  const canSync = useCan('sync');
  const canConfigure = useCan('configure');
  const navigate = useNavigate();
  const [isWhole, setIsWhole] = useState(false);
  const latestRun = useQuery(apiQuery('listRuns', { query: { connectionId: group.connectionId, limit: 1 } }))
    .data?.data[0];
  const retry = useApiMutation('retryRun', {
    changes: ['getConnection', 'listRuns'],
    onDone: ({ runId }) => void navigate({ to: '/runs/$runId', params: { runId } }),
  });
  const records = isWhole ? group.records : group.records.slice(0, recordsShown);
  const headingId = `cause-${group.connectionId}-${group.code}`;
  return (
    <section className="card stack-tight" aria-labelledby={headingId}>
      <div className="row row-between" style={{ alignItems: 'flex-start' }}>
        <div style={{ minWidth: 0, flex: '1 1 18rem' }}>
          <h2 id={headingId} style={{ margin: 0 }}>
            {causeOf(group.code)} · {countOf(group.count, 'deal')}
          </h2>
          <p style={{ margin: '0.2rem 0 0' }}>{group.mend}</p>
          <div className="row soft small" style={{ marginTop: '0.2rem' }}>
            <Status status={group.decision} />
            {connection ? <Name text={connection.name} /> : null}
          </div>
        </div>
        {canSync && group.code === 'unsynced' ? (
          <ReleaseDeals
            connectionId={group.connectionId}
            deals={group.records.map(({ sourceId }) => sourceId)}
          />
        ) : null}
        {canSync && latestRun && group.code !== 'unsynced' ? (
          <Button
            variant="default"
            size="sm"
            loading={retry.isPending}
            aria-label={`Retry: ${causeOf(group.code)}`}
            onClick={() =>
              retry.mutate({
                params: { id: latestRun.runId },
                body: { records: group.records.map(({ sourceId }) => sourceId) },
              })
            }
          >
            Retry
          </Button>
        ) : null}
      </div>
      <Problem error={retry.error} title="It was not tried again." />
      <div className="table-frame">
        <table className="table">
          <thead>
            <tr>
              <th>Deal</th>
              <th className="hide-sm">Why</th>
              <th className="fit hide-sm">Mend it</th>
              <th className="end fit">Amount</th>
            </tr>
          </thead>
          <tbody>
            {records.map((record) => (
              <tr key={`${record.sourceType} ${record.sourceId}`}>
                <td>
                  <Link
                    className="row-link"
                    to="/why/$connectionId/$deal"
                    params={{ connectionId: group.connectionId, deal: record.sourceId }}
                  >
                    <Name text={record.title || record.sourceId} />
                  </Link>
                  <div className="small">
                    <OutsideLink href={record.url}>Open in the CRM</OutsideLink>
                  </div>
                </td>
                <td className="hide-sm">
                  {record.reason}
                  {record.warnings.map(({ code, message }) => (
                    <div key={code} className="soft small">
                      {message}
                    </div>
                  ))}
                </td>
                <td className="fit hide-sm">
                  {group.code === 'ambiguous_customer' && canConfigure ? (
                    <ButtonLink
                      to="/why/$connectionId/$deal"
                      params={{ connectionId: group.connectionId, deal: record.sourceId }}
                      variant="light"
                      size="compact-sm"
                      aria-label={`See what to do: ${record.title || record.sourceId}`}
                    >
                      See what to do
                    </ButtonLink>
                  ) : record.documentId ? (
                    <Link to="/invoices/$documentId" params={{ documentId: record.documentId }}>
                      Its document
                    </Link>
                  ) : null}
                </td>
                <td className="end fit">
                  {record.amount === null ? null : (
                    <Amount amount={record.amount} currency={record.currency ?? ''} />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {group.records.length > recordsShown ? (
        <Button
          variant="subtle"
          size="sm"
          style={{ justifySelf: 'start' }}
          aria-expanded={isWhole}
          onClick={() => setIsWhole(!isWhole)}
        >
          {isWhole ? 'Show fewer' : `Show all ${group.records.length}`}
        </Button>
      ) : null}
      {group.count > group.records.length ? (
        <p className="soft small" style={{ margin: 0 }}>
          The newest {group.records.length} of {group.count} are shown.
        </p>
      ) : null}
    </section>
  );
}
