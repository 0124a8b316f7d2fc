import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import type { ContractWire } from '../../../contract/contracts-wire.ts';
import { isApiError } from '../../api/client.ts';
import { apiQuery } from '../../api/query.ts';
import { subtractAmounts } from '../../format/sum.ts';
import { Amount } from '../../parts/amount.tsx';
import { ButtonLink } from '../../parts/link.tsx';
import { Name } from '../../parts/name.tsx';
import { NamedValues } from '../../parts/named-values.tsx';
import { Note, Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { LinesPlaceholder } from '../../parts/placeholder.tsx';
import { Status } from '../../parts/status.tsx';
import { useCan } from '../../shell/session.ts';
import { DocumentJournal } from '../invoices/document-journal.tsx';
import { BillingPlan } from './billing-plan.tsx';
import { ContractActions } from './contract-actions.tsx';
import { ContractChanges } from './contract-changes.tsx';
import { ContractFacts } from './contract-facts.tsx';
import { ContractHistory } from './contract-history.tsx';
import { ObligationsTable } from './obligations-table.tsx';

/** A contract as it stands: figures, obligations with their schedules, billing, journal and history. */
export function ContractPage() {
  const { contractId } = useParams({ from: '/app/contracts/$contractId' });
  const query = useQuery(apiQuery('getContract', { params: { id: contractId } }));
  const canPost = useCan('post');
  const contract = query.data;
  const title = contract ? `Contract ${contract.document.number ?? '(draft)'}` : null;
  return (
    <>
      <PageHeader
        title={query.error ? 'Contract' : title}
        crumbs={[
          <Link key="list" to="/contracts">
            Contracts
          </Link>,
        ]}
        heading={
          contract ? (
            <>
              {title} <Status status={contract.document.status} />
            </>
          ) : null
        }
        lead={contract ? <Name text={contract.document.description} whole /> : null}
        actions={contract && canPost ? <ContractActions contract={contract} /> : null}
      />
      <Problem
        error={query.error}
        action={
          isApiError(query.error, 'not_found') ? (
            <ButtonLink
              to="/settings/audit-trail"
              search={{ subject: 'document', id: contractId }}
              variant="default"
            >
              See its history
            </ButtonLink>
          ) : null
        }
      />
      {query.isPending ? <LinesPlaceholder lines={10} /> : null}
      {contract ? <ContractBody contract={contract} canPost={canPost} /> : null}
    </>
  );
}

interface ContractBodyProps {
  readonly contract: ContractWire;
  readonly canPost: boolean;
}

function ContractBody({ contract, canPost }: ContractBodyProps) {
  const { document } = contract;
  const search = useSearch({ from: '/app/contracts/$contractId' });
  const isDraft = document.status === 'draft';
  return (
    <div className="stack">
      {isDraft ? (
        <Note tone="info" title="A draft: nothing is recognised or billed yet">
          Below is what activating it with the terms of its deal would make. Look it over, then activate it:
          you can change terms and billing there.
        </Note>
      ) : null}
      {document.warnings.length > 0 ? (
        <Note tone="warn" title="Worth knowing about this contract">
          <ul style={{ margin: 0, paddingInlineStart: '1.1rem' }}>
            {document.warnings.map(({ code, message }) => (
              <li key={`${code} ${message}`}>{message}</li>
            ))}
          </ul>
        </Note>
      ) : null}
      <ContractFigures contract={contract} />
      <div className="columns-wide">
        <div className="stack">
          <ObligationsTable contract={contract} canPost={canPost} open={search.obligation} />
          <BillingPlan contract={contract} />
          <ContractChanges contract={contract} />
          <DocumentJournal
            document={document}
            empty={
              isDraft
                ? 'A draft is not in the journal.'
                : 'Nothing is recognised yet. What a recognition run posts of this contract appears here; its invoices have entries of their own.'
            }
          />
          <ContractHistory contractId={document.id} />
        </div>
        <div className="stack">
          <ContractFacts contract={contract} />
          <NamedValues title="Dimensions" values={document.dimensions} />
          <NamedValues title="Custom properties" values={document.customProperties} />
        </div>
      </div>
    </div>
  );
}

/** What the contract comes to, without tax. A contract is a liability or an asset, never both. */
function ContractFigures({ contract }: { readonly contract: ContractWire }) {
  const { document, price, recognised, billed, contractLiability, contractAsset } = contract;
  const figures = [
    ['Price', price],
    ['Recognised', recognised],
    ['Remaining', subtractAmounts(price, recognised)],
    ['Billed', billed],
    ['Contract liability', contractLiability],
    ['Contract asset', contractAsset],
  ] as const;
  return (
    <section className="card" aria-label="Figures without tax">
      <dl className="figures">
        {figures.map(([name, amount]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Amount amount={amount} currency={document.currency} />
            </dd>
          </div>
        ))}
      </dl>
      <p className="soft small" style={{ margin: '0.6rem 0 0' }}>
        Without tax; drafts count as billed. Liability: billed and posted, not yet earned. Asset: earned and
        not yet billed.
      </p>
    </section>
  );
}
