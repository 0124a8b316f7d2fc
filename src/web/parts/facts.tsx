import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { DocumentWire } from '../../contract/books-wire.ts';
import { Day, InstantText } from './date-text.tsx';
import { Name } from './name.tsx';
import { TextWithLinks } from './text-with-links.tsx';

interface FactProps {
  readonly name: ReactNode;
  readonly children: ReactNode;
}

/** One line of a list of facts, inside of `Facts`. */
export function Fact({ name, children }: FactProps) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** What is known of a record, beside what it is about. */
export function Facts({ children }: { readonly children: ReactNode }) {
  return (
    <section className="card" aria-labelledby="facts">
      <h2 id="facts">About it</h2>
      <dl className="facts">{children}</dl>
    </section>
  );
}

export function DayFact({ name, day }: { readonly name: string; readonly day: string }) {
  return (
    <Fact name={name}>
      <Day day={day} />
    </Fact>
  );
}

/** When something happened; nothing where it has not. */
export function InstantFact({ name, instant }: { readonly name: string; readonly instant: string | null }) {
  if (instant === null) return null;
  return (
    <Fact name={name}>
      <InstantText instant={instant} />
    </Fact>
  );
}

export function CustomerFact({
  customer,
}: {
  readonly customer: { readonly id: string; readonly name: string };
}) {
  return (
    <Fact name="Customer">
      <Link className="link" to="/customers/$customerId" params={{ customerId: customer.id }}>
        <Name text={customer.name} whole />
      </Link>
    </Fact>
  );
}

export function SalesRepFact({ salesRep }: { readonly salesRep: DocumentWire['salesRep'] }) {
  return (
    <Fact name="Sales rep">
      {salesRep ? (
        <>
          <Name text={salesRep.name} whole />
          {salesRep.email ? <div className="soft small">{salesRep.email}</div> : null}
        </>
      ) : (
        <span className="soft">None</span>
      )}
    </Fact>
  );
}

export function EntityFact({ document }: { readonly document: Pick<DocumentWire, 'entity' | 'mode'> }) {
  return (
    <Fact name="Entity">
      <Name text={document.entity} whole />
      {document.mode === 'test' ? <span className="soft"> (test books)</span> : null}
    </Fact>
  );
}

/** Who changed the record and when: its part of the audit trail. */
export function HistoryFact({ subject, id }: { readonly subject: string; readonly id: string }) {
  return (
    <Fact name="History">
      <Link className="link" to="/settings/audit-trail" search={{ subject, id }}>
        Audit trail
      </Link>
    </Fact>
  );
}

export function MemoFact({ memo }: { readonly memo: string | null }) {
  if (memo === null || memo === '') return null;
  return (
    <Fact name="Memo">
      <TextWithLinks text={memo} />
    </Fact>
  );
}

/** Names and values that come from outside. */
export function NamedFacts({ entries }: { readonly entries: readonly (readonly [string, string])[] }) {
  return entries.map(([name, value]) => (
    <Fact key={name} name={<Name text={name} whole />}>
      <Name text={value} whole />
    </Fact>
  ));
}
