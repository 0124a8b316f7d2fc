import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { apiQuery } from '../../api/query.ts';
import { CustomerChoices } from '../../parts/customer-choices.tsx';
import { DealBesideDocument } from '../../parts/deal-beside-document.tsx';
import { InstantText } from '../../parts/date-text.tsx';
import { OutsideLink } from '../../parts/link.tsx';
import { Name } from '../../parts/name.tsx';
import { Note, Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { LinesPlaceholder } from '../../parts/placeholder.tsx';
import { PlannedDocumentView } from '../../parts/planned-document.tsx';
import { RecordChanges } from '../../parts/record-panel.tsx';
import { RecordReason } from '../../parts/record-reason.tsx';
import { ReleaseDeals } from '../../parts/release-deals.tsx';
import { Status } from '../../parts/status.tsx';
import { useCan } from '../../shell/session.ts';
import { ChooseCustomer } from './choose-customer.tsx';

export function WhyPage() {
  const { connectionId, deal } = useParams({ from: '/app/why/$connectionId/$deal' });
  const query = useQuery(apiQuery('getWhy', { params: { id: connectionId, deal } }));
  const why = query.data;
  const company = why?.customerChoices[0];
  const canSync = useCan('sync');
  const canConfigure = useCan('configure');
  const title = query.error ? `Why? ${deal}` : why ? `Why? ${why.title ?? why.sourceId}` : null;
  return (
    <>
      <PageHeader
        title={title}
        heading={
          why ? (
            <>
              Why? <Name text={why.title ?? why.sourceId} whole />
            </>
          ) : null
        }
        lead={
          why ? (
            <span className="row">
              <span>Deal {why.sourceId}</span>
              <OutsideLink href={why.url}>Open in the CRM</OutsideLink>
              {why.documentIds.map((documentId) => (
                <Link key={documentId} className="link" to="/invoices/$documentId" params={{ documentId }}>
                  Its document
                </Link>
              ))}
            </span>
          ) : null
        }
      />
      <Problem error={query.error} />
      {query.isPending ? <LinesPlaceholder lines={8} /> : null}
      {why ? (
        <div className="columns-wide">
          <div className="stack">
            <section aria-labelledby="now">
              <h2 id="now">What would be decided now</h2>
              {why.now ? (
                <div className="stack">
                  <div>
                    <Status status={why.now.decision} />
                  </div>
                  <RecordReason record={why.now} />
                  {why.now.code === 'unsynced' && canSync ? (
                    <ReleaseDeals connectionId={connectionId} deals={[why.sourceId]} />
                  ) : null}
                  {canConfigure ? (
                    <CustomerChoices connectionId={connectionId} choices={why.customerChoices}>
                      {company ? (
                        <ChooseCustomer connectionId={connectionId} companyId={company.companyId} />
                      ) : null}
                    </CustomerChoices>
                  ) : null}
                  <RecordChanges record={why.now} />
                  <section aria-label="The deal and its document, field by field">
                    <DealBesideDocument
                      connectionId={connectionId}
                      configurationVersion={undefined}
                      record={why.now}
                    />
                  </section>
                  {why.now.document ? (
                    <section className="sheet" aria-label="The document">
                      <PlannedDocumentView document={why.now.document} />
                    </section>
                  ) : null}
                </div>
              ) : (
                <Note tone="info" title="This deal was never read from the CRM">
                  The next sync reads it, if it is there and the connection may see it.
                </Note>
              )}
            </section>
          </div>
          <section className="card" aria-labelledby="history">
            <h2 id="history">What was decided in each run</h2>
            {why.history.length === 0 ? (
              <p className="soft" style={{ margin: 0 }}>
                No run has looked at this deal yet.
              </p>
            ) : (
              <ol style={{ listStyle: 'none', padding: 0, margin: 0 }} className="stack-tight">
                {why.history.map((record) => (
                  <li key={`${record.runId} ${record.at}`}>
                    <div className="row">
                      <Status status={record.outcome ?? record.decision} />
                      <Link className="link" to="/runs/$runId" params={{ runId: record.runId }}>
                        <InstantText instant={record.at} />
                      </Link>
                    </div>
                    <div className="soft">{record.reason}</div>
                  </li>
                ))}
              </ol>
            )}
          </section>
        </div>
      ) : null}
    </>
  );
}
