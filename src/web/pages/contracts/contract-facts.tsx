import { Link } from '@tanstack/react-router';
import type { ContractWire } from '../../../contract/contracts-wire.ts';
import { isZeroAmount } from '../../format/amount.ts';
import { Amount } from '../../parts/amount.tsx';
import { Day, InstantText } from '../../parts/date-text.tsx';
import { Name } from '../../parts/name.tsx';
import { SourceFacts } from '../../parts/source-facts.tsx';
import { TextWithLinks } from '../../parts/text-with-links.tsx';

export function ContractFacts({ contract }: { readonly contract: ContractWire }) {
  const { document, terminatedOn, renewsId, renewalId } = contract;
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
        <dt>Date</dt>
        <dd>
          <Day day={document.documentDate} />
        </dd>
        <dt>Signed, with tax</dt>
        <dd>
          <Amount amount={document.total} currency={document.currency} />
          {isZeroAmount(document.taxTotal) ? null : (
            <span className="soft">
              {' '}
              of it tax <Amount amount={document.taxTotal} currency={document.currency} bare />
            </span>
          )}
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
            <dd>
              <TextWithLinks text={document.memo} />
            </dd>
          </>
        ) : null}
        <dt>Entity</dt>
        <dd>
          <Name text={document.entity} whole />
          {document.mode === 'test' ? <span className="soft"> (test books)</span> : null}
        </dd>
        {source ? <SourceFacts connectionId={document.connectionId} source={source} /> : null}
        {renewsId ? (
          <>
            <dt>Goes on from</dt>
            <dd>
              <Link className="link" to="/contracts/$contractId" params={{ contractId: renewsId }}>
                The contract before
              </Link>
            </dd>
          </>
        ) : null}
        {renewalId ? (
          <>
            <dt>Renewed by</dt>
            <dd>
              <Link className="link" to="/contracts/$contractId" params={{ contractId: renewalId }}>
                The contract after
              </Link>
            </dd>
          </>
        ) : null}
        {terminatedOn ? (
          <>
            <dt>Ended after</dt>
            <dd>
              <Day day={terminatedOn} />
            </dd>
          </>
        ) : null}
        <dt>Made</dt>
        <dd>
          <InstantText instant={document.createdAt} />
        </dd>
        {document.postedAt ? (
          <>
            <dt>Activated</dt>
            <dd>
              <InstantText instant={document.postedAt} />
            </dd>
          </>
        ) : null}
      </dl>
    </section>
  );
}
