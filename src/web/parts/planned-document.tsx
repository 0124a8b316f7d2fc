import type { z } from 'zod';
import type { plannedDocumentWire } from '../../contract/sync-wire.ts';
import { Day } from './date-text.tsx';
import { DocumentLines, DocumentTotals } from './document-lines.tsx';
import { Name } from './name.tsx';

export type PlannedDocument = z.infer<typeof plannedDocumentWire>;

const kindWords = { invoice: 'Invoice', credit_note: 'Credit note', contract: 'Contract' };

export const customerActionWords = {
  use: 'known already',
  match: 'an existing customer is taken',
  create: 'a new customer',
};

/** The whole document that a deal would become. */
export function PlannedDocumentView({ document }: { readonly document: PlannedDocument }) {
  const named = [...Object.entries(document.dimensions), ...Object.entries(document.customProperties)];
  return (
    <div className="stack-tight">
      <dl className="facts">
        <dt>{kindWords[document.kind]}</dt>
        <dd>
          <Name text={document.description} whole />
        </dd>
        <dt>Customer</dt>
        <dd>
          <Name text={document.customer.name} whole />{' '}
          <span className="soft">({customerActionWords[document.customer.action]})</span>
        </dd>
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
          {document.salesRep ? (
            <Name text={document.salesRep.name} whole />
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
        {named.map(([name, value]) => (
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
      <DocumentLines lines={document.lines} currency={document.currency} />
      <DocumentTotals {...document} />
    </div>
  );
}
