import { Link } from '@tanstack/react-router';
import type { ContractWire } from '../../../contract/contracts-wire.ts';
import { isZeroAmount } from '../../format/amount.ts';
import { Amount } from '../../parts/amount.tsx';
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
import { SourceFacts } from '../../parts/source-facts.tsx';

export function ContractFacts({ contract }: { readonly contract: ContractWire }) {
  const { document, terminatedOn, renewsId, renewalId } = contract;
  const { source } = document;
  return (
    <Facts>
      <CustomerFact customer={document.customer} />
      <DayFact name="Date" day={document.documentDate} />
      <Fact name="Signed, with tax">
        <Amount amount={document.total} currency={document.currency} />
        {isZeroAmount(document.taxTotal) ? null : (
          <span className="soft">
            {' '}
            of it tax <Amount amount={document.taxTotal} currency={document.currency} bare />
          </span>
        )}
      </Fact>
      <SalesRepFact salesRep={document.salesRep} />
      <MemoFact memo={document.memo} />
      <EntityFact document={document} />
      {source ? <SourceFacts connectionId={document.connectionId} source={source} /> : null}
      <OtherContract name="Goes on from" id={renewsId} text="The contract before" />
      <OtherContract name="Renewed by" id={renewalId} text="The contract after" />
      {terminatedOn ? <DayFact name="Ended after" day={terminatedOn} /> : null}
      <InstantFact name="Made" instant={document.createdAt} />
      <InstantFact name="Activated" instant={document.postedAt} />
      <HistoryFact subject="document" id={document.id} />
    </Facts>
  );
}

interface OtherContractProps {
  readonly name: string;
  readonly id: string | null;
  readonly text: string;
}

function OtherContract({ name, id, text }: OtherContractProps) {
  if (id === null) return null;
  return (
    <Fact name={name}>
      <Link className="link" to="/contracts/$contractId" params={{ contractId: id }}>
        {text}
      </Link>
    </Fact>
  );
}
