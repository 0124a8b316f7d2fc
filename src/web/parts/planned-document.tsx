import type { z } from 'zod';
import type { plannedDocumentWire } from '../../contract/sync-wire.ts';
import { DayFact, Fact, MemoFact, NamedFacts } from './facts.tsx';
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
        <Fact name={kindWords[document.kind]}>
          <Name text={document.description} whole />
        </Fact>
        <Fact name="Customer">
          <Name text={document.customer.name} whole />{' '}
          <span className="soft">({customerActionWords[document.customer.action]})</span>
        </Fact>
        <DayFact name="Date" day={document.documentDate} />
        <DayFact name="Due" day={document.dueDate} />
        <Fact name="Sales rep">
          {document.salesRep ? (
            <Name text={document.salesRep.name} whole />
          ) : (
            <span className="soft">None</span>
          )}
        </Fact>
        <MemoFact memo={document.memo} />
        <NamedFacts entries={named} />
      </dl>
      <DocumentLines lines={document.lines} currency={document.currency} />
      <DocumentTotals {...document} />
    </div>
  );
}
