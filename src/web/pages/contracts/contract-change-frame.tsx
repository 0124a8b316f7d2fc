import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ContractWire } from '../../../contract/contracts-wire.ts';
import { apiQuery } from '../../api/query.ts';
import { ButtonLink } from '../../parts/link.tsx';
import { Name } from '../../parts/name.tsx';
import { Note, Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { LinesPlaceholder } from '../../parts/placeholder.tsx';
import { statusWord } from '../../parts/status.tsx';

interface ContractChangeFrameProps {
  readonly from:
    | '/app/contracts/$contractId/activate'
    | '/app/contracts/$contractId/modify'
    | '/app/contracts/$contractId/terminate';
  readonly title: string;
  /** In which the contract can be changed so. */
  readonly statuses: readonly ContractWire['document']['status'][];
  readonly children: (contract: ContractWire) => ReactNode;
}

/** What every page has that changes a contract: its heading, the contract, and what there is to say when it cannot be changed so. */
export function ContractChangeFrame({ from, title, statuses, children }: ContractChangeFrameProps) {
  const { contractId } = useParams({ from });
  const query = useQuery(apiQuery('getContract', { params: { id: contractId } }));
  const contract = query.data;
  const isChangeable = contract !== undefined && statuses.includes(contract.document.status);
  return (
    <>
      <PageHeader
        title={title}
        crumbs={[
          <Link key="list" to="/contracts">
            Contracts
          </Link>,
          <Link key="one" to="/contracts/$contractId" params={{ contractId }}>
            {contract?.document.number ?? 'Draft'}
          </Link>,
        ]}
        lead={
          contract ? (
            <>
              <Name text={contract.document.description} whole />,{' '}
              <Name text={contract.document.customer.name} whole />
            </>
          ) : null
        }
      />
      <Problem error={query.error} />
      {query.isPending ? <LinesPlaceholder lines={10} /> : null}
      {contract && !isChangeable ? (
        <Note
          tone="info"
          title={`The contract is ${statusWord(contract.document.status).toLowerCase()}`}
          action={
            <ButtonLink to="/contracts/$contractId" params={{ contractId }} variant="default">
              See the contract
            </ButtonLink>
          }
        >
          So this cannot be done with it.
        </Note>
      ) : null}
      {isChangeable ? children(contract) : null}
    </>
  );
}
