import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import type { customerWire, DocumentWire } from '../../../contract/books-wire.ts';
import { apiQuery } from '../../api/query.ts';
import { countOf } from '../../format/count.ts';
import { readable } from '../../format/words.ts';
import { Amount } from '../../parts/amount.tsx';
import { CurrencyTotals } from '../../parts/currency-totals.tsx';
import { Day } from '../../parts/date-text.tsx';
import { Fact, Facts, HistoryFact } from '../../parts/facts.tsx';
import { ButtonLink } from '../../parts/link.tsx';
import { Name } from '../../parts/name.tsx';
import { Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { LinesPlaceholder } from '../../parts/placeholder.tsx';
import { Status } from '../../parts/status.tsx';
import { useCan } from '../../shell/session.ts';
import { MergeCustomer } from './merge-customer.tsx';

type Customer = z.infer<typeof customerWire>;

export function CustomerPage() {
  const { customerId } = useParams({ from: '/app/customers/$customerId' });
  const query = useQuery(apiQuery('getCustomer', { params: { id: customerId } }));
  const canMerge = useCan('configure');
  const canPost = useCan('post');
  const [isMerging, setIsMerging] = useState(false);
  const customer = query.data;
  return (
    <>
      <PageHeader
        title={query.error ? 'Customer' : (customer?.name ?? null)}
        heading={customer ? <Name text={customer.name} whole /> : null}
        crumbs={[
          <Link key="list" to="/customers">
            Customers
          </Link>,
        ]}
        lead={
          customer
            ? `${customer.kind === 'person' ? 'Person' : 'Company'}${customer.active ? '' : ', inactive'}`
            : null
        }
        actions={
          customer ? (
            <>
              <ButtonLink
                to="/customers/$customerId/statement"
                params={{ customerId: customer.id }}
                variant="default"
              >
                Statement
              </ButtonLink>
              {canPost ? (
                <ButtonLink
                  to="/customers/$customerId/edit"
                  params={{ customerId: customer.id }}
                  variant="default"
                >
                  Edit
                </ButtonLink>
              ) : null}
              {canMerge ? (
                <Button variant="default" onClick={() => setIsMerging(true)}>
                  Merge into another…
                </Button>
              ) : null}
              {canPost ? (
                <ButtonLink to="/credit-notes/new" search={{ customer: customer.id }} variant="default">
                  New credit note
                </ButtonLink>
              ) : null}
              {canPost ? (
                <ButtonLink to="/receipts/new" search={{ customer: customer.id }}>
                  Record payment
                </ButtonLink>
              ) : null}
            </>
          ) : null
        }
      />
      <Problem error={query.error} />
      {query.isPending ? <LinesPlaceholder lines={8} /> : null}
      {customer ? (
        <>
          <div className="columns-wide">
            <div className="stack">
              <CustomerDocuments customer={customer} />
              <CustomerContracts customer={customer} />
            </div>
            <CustomerFacts customer={customer} />
          </div>
          <MergeCustomer customer={customer} isOpen={isMerging} close={() => setIsMerging(false)} />
        </>
      ) : null}
    </>
  );
}

/** The latest documents stand here; the rest is a filter of the invoices away. */
const documentsShown = 10;

function CustomerDocuments({ customer }: { readonly customer: Customer }) {
  const documents = useQuery(
    apiQuery('listDocuments', {
      query: { customerId: customer.id, kinds: 'invoice,credit_note', limit: documentsShown },
    }),
  );
  return (
    <section aria-labelledby="documents">
      <div className="row row-between">
        <h2 id="documents">Documents</h2>
        <Link className="link small" to="/invoices" search={{ customer: customer.id }}>
          All {documents.data ? countOf(documents.data.total, 'invoice') : 'invoices'}
        </Link>
      </div>
      <Problem error={documents.error} />
      {documents.isPending ? <LinesPlaceholder lines={3} /> : null}
      {documents.data ? (
        <>
          <CurrencyTotals totals={documents.data.totals} label="Totals per currency" />
          {documents.data.data.length === 0 ? (
            <p className="soft">
              No document yet. A won deal of this customer appears here as a draft invoice.
            </p>
          ) : (
            <DocumentRows documents={documents.data.data} />
          )}
        </>
      ) : null}
    </section>
  );
}

/** The newest contracts; nothing where the customer has none. */
function CustomerContracts({ customer }: { readonly customer: Customer }) {
  const contracts = useQuery(
    apiQuery('listDocuments', {
      query: { customerId: customer.id, kind: 'contract', limit: documentsShown },
    }),
  );
  if (contracts.error) return <Problem error={contracts.error} />;
  if (!contracts.data || contracts.data.total === 0) return null;
  return (
    <section aria-labelledby="contracts">
      <div className="row row-between">
        <h2 id="contracts">Contracts</h2>
        <Link className="link small" to="/contracts" search={{ q: customer.name }}>
          All {countOf(contracts.data.total, 'contract')}
        </Link>
      </div>
      <DocumentRows documents={contracts.data.data} />
    </section>
  );
}

function DocumentRows({ documents }: { readonly documents: readonly DocumentWire[] }) {
  return (
    <div className="table-frame">
      <table className="table">
        <thead>
          <tr>
            <th className="fit">Number</th>
            <th className="hide-sm">Description</th>
            <th className="fit hide-xs">Date</th>
            <th className="fit">Status</th>
            <th className="end fit">Total</th>
          </tr>
        </thead>
        <tbody>
          {documents.map((document) => (
            <tr key={document.id}>
              <td className="fit">
                <DocumentLink document={document} />
              </td>
              <td className="hide-sm">
                <Name text={document.description} />
              </td>
              <td className="fit hide-xs">
                <Day day={document.documentDate} />
              </td>
              <td className="fit">
                <Status status={document.status} kind={document.kind} />
              </td>
              <td className="end fit">
                <Amount amount={document.total} currency={document.currency} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function DocumentLink({ document: { id, kind, number, description } }: { readonly document: DocumentWire }) {
  const text = (
    <>
      {number ?? 'Draft'}
      <span className="visually-hidden"> {description}</span>
    </>
  );
  return kind === 'contract' ? (
    <Link className="row-link" to="/contracts/$contractId" params={{ contractId: id }}>
      {text}
    </Link>
  ) : (
    <Link className="row-link" to="/invoices/$documentId" params={{ documentId: id }}>
      {text}
    </Link>
  );
}

function CustomerFacts({ customer }: { readonly customer: Customer }) {
  const { address } = customer;
  const addressLines = address
    ? [
        address.line1,
        address.line2,
        [address.postalCode, address.city].filter(Boolean).join(' '),
        address.region,
        address.country,
      ].filter((line): line is string => Boolean(line))
    : [];
  const facts: readonly (readonly [string, string | null])[] = [
    ['Website', customer.website],
    ['E-mail', customer.email],
    ['Phone', customer.phone],
    ['Industry', customer.industry],
    ['Tax id', customer.taxId],
    ['External id', customer.externalId],
    ['Terms', customer.termsDays === null ? null : `Net ${countOf(customer.termsDays, 'day')}`],
    ...Object.entries(customer.customProperties),
  ];
  return (
    <div className="stack">
      <Facts>
        {facts.map(([name, value]) =>
          value ? (
            <Fact key={name} name={name}>
              <Name text={value} whole />
            </Fact>
          ) : null,
        )}
        {addressLines.length > 0 ? (
          <Fact name="Address">
            {addressLines.map((line) => (
              <div key={line}>
                <Name text={line} whole />
              </div>
            ))}
          </Fact>
        ) : null}
        <Fact name="Comes from">
          {customer.sources.length === 0 ? <span className="soft">Made here</span> : null}
          {customer.sources.map(({ connector, type, id }) => (
            <div key={`${connector} ${type} ${id}`}>
              {readable(type)} <span className="mono">{id}</span>
            </div>
          ))}
        </Fact>
        <HistoryFact subject="customer" id={customer.id} />
      </Facts>
      <section className="card" aria-labelledby="contacts">
        <h2 id="contacts">Contacts</h2>
        {customer.contacts.length === 0 ? (
          <p className="soft" style={{ margin: 0 }}>
            No contact people. They come with the company’s contacts when Contact Mapping is on.
          </p>
        ) : (
          <dl className="facts">
            {customer.contacts.map(({ id, name, email, phone }) => (
              <Fact key={id} name={<Name text={name} whole />}>
                {email ? <div>{email}</div> : null}
                {phone ? <div>{phone}</div> : null}
              </Fact>
            ))}
          </dl>
        )}
      </section>
    </div>
  );
}
