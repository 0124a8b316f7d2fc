import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import type { whyWire } from '../../contract/sync-wire.ts';
import { useApiMutation } from '../api/query.ts';
import { Name } from './name.tsx';
import { Note, Problem } from './note.tsx';

interface CustomerChoicesProps {
  readonly connectionId: string;
  /** Another way to choose, below the buttons. */
  readonly children: ReactNode;
  readonly choices: z.infer<typeof whyWire>['customerChoices'];
}

/** One press says which of the matching customers the deal's company is, for this deal and all later ones of it. */
export function CustomerChoices({ connectionId, choices, children }: CustomerChoicesProps) {
  const choose = useApiMutation('chooseCustomer', {
    changes: ['getWhy', 'listReview', 'getOverview'],
  });
  if (choose.isSuccess)
    return (
      <Note tone="good" live title="The customer is chosen">
        The next sync makes the document.
      </Note>
    );
  if (choices.length === 0) return null;
  return (
    <section className="card stack-tight" aria-label="Choose the customer">
      <div>Which customer is it? The choice is remembered for every deal of this company.</div>
      <Problem error={choose.error} title="The customer was not chosen." />
      {choices.map(({ companyId, customerId, customerName }) => (
        <div className="row" key={customerId}>
          <Button
            size="sm"
            variant="default"
            loading={choose.isPending && choose.variables.body.customerId === customerId}
            disabled={choose.isPending}
            onClick={() => choose.mutate({ params: { id: connectionId }, body: { companyId, customerId } })}
          >
            <Name text={customerName} />
          </Button>
          <Link className="link" to="/customers/$customerId" params={{ customerId }}>
            Look at it
          </Link>
        </div>
      ))}
      {children}
    </section>
  );
}
