import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { DocumentWire } from '../../../contract/books-wire.ts';
import { isApiError } from '../../api/client.ts';
import { apiQuery } from '../../api/query.ts';
import { readable } from '../../format/words.ts';
import { DocumentLines, DocumentTotals } from '../../parts/document-lines.tsx';
import { Day, InstantText } from '../../parts/date-text.tsx';
import { ButtonLink, OutsideLink } from '../../parts/link.tsx';
import { Name } from '../../parts/name.tsx';
import { Note, Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { LinesPlaceholder } from '../../parts/placeholder.tsx';
import { Status } from '../../parts/status.tsx';
import { connectionsQuery } from '../../shell/books-scope.ts';
import { useCan } from '../../shell/session.ts';
import { DocumentEmails } from './document-emails.tsx';
import { ClosedPeriodNote } from './closed-period-note.tsx';
import { HandEdit } from './hand-edit.tsx';
import { DocumentJournal } from './document-journal.tsx';
import { DocumentSettlements } from './document-settlements.tsx';
import { InvoiceActions } from './invoice-actions.tsx';

const kindWords = { invoice: 'Invoice', credit_note: 'Credit note', contract: 'Contract' };

export function InvoicePage() {
  const { documentId } = useParams({ from: '/app/invoices/$documentId' });
  const query = useQuery(apiQuery('getDocument', { params: { id: documentId } }));
  const document = query.data;
  const canPost = useCan('post');
  const title = document ? `${kindWords[document.kind]} ${document.number ?? '(draft)'}` : null;
  return (
    <>
      <PageHeader
        title={query.error ? 'Invoice' : title}
        crumbs={[
          <Link key="list" to="/invoices">
            Invoices
          </Link>,
        ]}
        heading={
          document ? (
            <>
              {title} <Status status={document.status} kind={document.kind} />
            </>
          ) : null
        }
        lead={document ? <Name text={document.description} whole /> : null}
        actions={document && canPost ? <InvoiceActions document={document} /> : null}
      />
      <Problem
        error={query.error}
        action={
          isApiError(query.error, 'not_found') ? (
            <ButtonLink
              to="/settings/audit-trail"
              search={{ subject: 'document', id: documentId }}
              variant="default"
            >
              See its history
            </ButtonLink>
          ) : null
        }
      />
      {query.isPending ? <LinesPlaceholder lines={10} /> : null}
      {document ? <InvoiceBody document={document} /> : null}
    </>
  );
}

function InvoiceBody({ document }: { readonly document: DocumentWire }) {
  return (
    <div className="stack">
      {document.status === 'draft' ? <ClosedPeriodNote document={document} /> : null}
      {document.dispute ? (
        <Note tone="warn" title="The customer disputes this invoice">
          <Name text={document.dispute.reason} whole />
          <div className="soft small">
            Noted <InstantText instant={document.dispute.at} /> by {document.dispute.by}
          </div>
        </Note>
      ) : null}
      {document.status === 'draft' && document.editedAt !== null ? <HandEdit document={document} /> : null}
      {document.warnings.length > 0 ? (
        <Note tone="warn" title="Worth knowing about this invoice">
          <ul style={{ margin: 0, paddingInlineStart: '1.1rem' }}>
            {document.warnings.map(({ code, message }) => (
              <li key={`${code} ${message}`}>{message}</li>
            ))}
          </ul>
        </Note>
      ) : null}
      <div className="columns-wide">
        <div className="stack">
          <section className="sheet" aria-labelledby="lines">
            <h2 id="lines" style={{ marginTop: 0 }}>
              Lines
            </h2>
            <DocumentLines lines={document.lines} currency={document.currency} />
            <DocumentTotals {...document} />
          </section>
          <DocumentSettlements document={document} />
          <DocumentJournal document={document} />
          {document.status === 'draft' || document.kind === 'contract' ? null : (
            <DocumentEmails document={document} />
          )}
        </div>
        <div className="stack">
          <InvoiceFacts document={document} />
          <NamedValues title="Dimensions" values={document.dimensions} />
          <NamedValues title="Custom properties" values={document.customProperties} />
        </div>
      </div>
    </div>
  );
}

function InvoiceFacts({ document }: { readonly document: DocumentWire }) {
  const { customer, salesRep, source } = document;
  return (
    <section className="card" aria-labelledby="facts">
      <h2 id="facts">About it</h2>
      <dl className="facts">
        <dt>Customer</dt>
        <dd>
          <Link className="link" to="/customers/$customerId" params={{ customerId: customer.id }}>
            <Name text={customer.name} whole />
          </Link>
        </dd>
        {document.creditsDocumentId ? (
          <>
            <dt>Credits</dt>
            <dd>
              <Link
                className="link"
                to="/invoices/$documentId"
                params={{ documentId: document.creditsDocumentId }}
              >
                The invoice
              </Link>
            </dd>
          </>
        ) : null}
        <dt>Date</dt>
        <dd>
          <Day day={document.documentDate} />
        </dd>
        <dt>Due</dt>
        <dd>
          <Day day={document.dueDate} />
        </dd>
        <dt>Sales rep</dt>
        <dd>
          {salesRep ? (
            <>
              <Name text={salesRep.name} whole />
              {salesRep.email ? <div className="soft small">{salesRep.email}</div> : null}
            </>
          ) : (
            <span className="soft">None</span>
          )}
        </dd>
        {document.memo ? (
          <>
            <dt>Memo</dt>
            <dd style={{ whiteSpace: 'pre-line' }}>
              <Name text={document.memo} whole />
            </dd>
          </>
        ) : null}
        <dt>Entity</dt>
        <dd>
          <Name text={document.entity} whole />
          {document.mode === 'test' ? <span className="soft"> (test books)</span> : null}
        </dd>
        {source ? <SourceFacts document={document} source={source} /> : null}
        <dt>Made</dt>
        <dd>
          <InstantText instant={document.createdAt} />
        </dd>
        {document.postedAt ? (
          <>
            <dt>Posted</dt>
            <dd>
              <InstantText instant={document.postedAt} />
            </dd>
          </>
        ) : null}
        <dt>History</dt>
        <dd>
          <Link className="link" to="/settings/audit-trail" search={{ subject: 'document', id: document.id }}>
            Audit trail
          </Link>
        </dd>
      </dl>
    </section>
  );
}

interface SourceFactsProps {
  readonly document: DocumentWire;
  readonly source: NonNullable<DocumentWire['source']>;
}

function SourceFacts({ document, source }: SourceFactsProps) {
  const connections = useQuery(connectionsQuery).data?.data ?? [];
  const connection = connections.find(({ id }) => id === document.connectionId);
  return (
    <>
      <dt>From</dt>
      <dd>
        {readable(source.type)} <span className="mono">{source.id}</span>
        {connection ? (
          <>
            {' '}
            of <Name text={connection.name} whole />
          </>
        ) : null}
        <div className="row">
          <OutsideLink href={source.url}>Open the {source.type.replaceAll('_', ' ')} in the CRM</OutsideLink>
          {document.connectionId ? (
            <Link
              className="link"
              to="/why/$connectionId/$deal"
              params={{ connectionId: document.connectionId, deal: source.id }}
            >
              Why?
            </Link>
          ) : null}
        </div>
      </dd>
    </>
  );
}

interface NamedValuesProps {
  readonly title: string;
  readonly values: Readonly<Record<string, string>>;
}

function NamedValues({ title, values }: NamedValuesProps) {
  const entries = Object.entries(values);
  if (entries.length === 0) return null;
  return (
    <section className="card">
      <h2>{title}</h2>
      <dl className="facts">
        {entries.map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>
              <Name text={name} whole />
            </dt>
            <dd>
              <Name text={value} whole />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
