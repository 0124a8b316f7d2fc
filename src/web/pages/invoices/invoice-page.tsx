import { useQuery } from '@tanstack/react-query';
import { Link, Navigate, useParams } from '@tanstack/react-router';
import type { DocumentWire } from '../../../contract/books-wire.ts';
import { isApiError } from '../../api/client.ts';
import { apiQuery } from '../../api/query.ts';
import { DocumentLines, DocumentTotals } from '../../parts/document-lines.tsx';
import { InstantText } from '../../parts/date-text.tsx';
import {
  CustomerFact,
  DayFact,
  EntityFact,
  Fact,
  Facts,
  HistoryFact,
  InstantFact,
  MemoFact,
  SalesRepFact,
} from '../../parts/facts.tsx';
import { ButtonLink } from '../../parts/link.tsx';
import { Name } from '../../parts/name.tsx';
import { NamedValues } from '../../parts/named-values.tsx';
import { Note, Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { LinesPlaceholder } from '../../parts/placeholder.tsx';
import { SourceFacts } from '../../parts/source-facts.tsx';
import { Status } from '../../parts/status.tsx';
import { useCan } from '../../shell/session.ts';
import { DocumentEmails } from './document-emails.tsx';
import { ClosedPeriodNote } from './closed-period-note.tsx';
import { HandEdit } from './hand-edit.tsx';
import { DocumentJournal } from './document-journal.tsx';
import { DocumentSettlements } from './document-settlements.tsx';
import { DocumentTaxes } from './document-taxes.tsx';
import { InvoiceActions } from './invoice-actions.tsx';

const kindWords = { invoice: 'Invoice', credit_note: 'Credit note', contract: 'Contract' };

/** Of an invoice or a credit note. A contract has its own page: what leads to a document without its kind leads on to there. */
export function InvoicePage() {
  const { documentId } = useParams({ from: '/app/invoices/$documentId' });
  const query = useQuery(apiQuery('getDocument', { params: { id: documentId } }));
  const document = query.data;
  const canPost = useCan('post');
  if (document?.kind === 'contract')
    return <Navigate to="/contracts/$contractId" params={{ contractId: documentId }} replace />;
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
            <DocumentTaxes taxes={document.taxes} currency={document.currency} />
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
  const { customer, source } = document;
  return (
    <Facts>
      <CustomerFact customer={customer} />
      {document.creditsDocumentId ? (
        <Fact name="Credits">
          <Link
            className="link"
            to="/invoices/$documentId"
            params={{ documentId: document.creditsDocumentId }}
          >
            The invoice
          </Link>
        </Fact>
      ) : null}
      <DayFact name="Date" day={document.documentDate} />
      <DayFact name="Due" day={document.dueDate} />
      <SalesRepFact salesRep={document.salesRep} />
      <MemoFact memo={document.memo} />
      <EntityFact document={document} />
      {source ? <SourceFacts connectionId={document.connectionId} source={source} /> : null}
      <InstantFact name="Made" instant={document.createdAt} />
      <InstantFact name="Posted" instant={document.postedAt} />
      <HistoryFact subject="document" id={document.id} />
    </Facts>
  );
}
