import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { SettlementWire } from '../../contract/cash-wire.ts';
import { useApiMutation } from '../api/query.ts';
import { formatAmount, isZeroAmount } from '../format/amount.ts';
import { useCan } from '../shell/session.ts';
import { Amount } from './amount.tsx';
import { Confirm } from './confirm.tsx';
import { type Column, DataTable } from './data-table.tsx';
import { Day } from './date-text.tsx';
import { Name } from './name.tsx';

const kindWords = { receipt: 'Payment', credit_note: 'Credit', write_off: 'Write-off', refund: 'Refund' };

/** What settles a document, or what a receipt settles; each can be undone once. */
export function SettlementsTable({ settlements }: { readonly settlements: readonly SettlementWire[] }) {
  const canPost = useCan('post');
  const [chosen, setChosen] = useState<SettlementWire | null>(null);
  const undo = useApiMutation('undoSettlement', { changes: 'all', onDone: () => setChosen(null) });
  const columns: readonly Column<SettlementWire>[] = [
    { key: 'date', header: 'Date', fit: true, cell: ({ date }) => <Day day={date} /> },
    {
      key: 'kind',
      header: 'What',
      cell: (settlement) => (
        <>
          {kindWords[settlement.kind]} <Parties settlement={settlement} />
          {settlement.reason ? (
            <div className="soft small">
              <Name text={settlement.reason} />
            </div>
          ) : null}
          {settlement.undoneAt ? <div className="soft small">Undone</div> : null}
        </>
      ),
    },
    {
      key: 'gain',
      header: 'Exchange gain',
      align: 'end',
      fit: true,
      hide: 'sm',
      cell: ({ exchangeGain, baseCurrency }) =>
        isZeroAmount(exchangeGain) ? null : <Amount amount={exchangeGain} currency={baseCurrency} />,
    },
    {
      key: 'amount',
      header: 'Amount',
      align: 'end',
      fit: true,
      cell: ({ amount, currency, undoneAt }) => (
        <span style={undoneAt ? { textDecoration: 'line-through' } : undefined}>
          <Amount amount={amount} currency={currency} />
        </span>
      ),
    },
    {
      key: 'undo',
      header: 'Undo',
      fit: true,
      cell: (settlement) =>
        canPost && settlement.undoneAt === null ? (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`Undo the ${kindWords[settlement.kind].toLowerCase()} of ${settlement.amount}`}
            onClick={() => {
              undo.reset();
              setChosen(settlement);
            }}
          >
            Undo
          </Button>
        ) : null,
    },
  ];
  const amount = chosen ? `${chosen.currency} ${formatAmount(chosen.amount, chosen.currency)}` : '';
  return (
    <>
      <DataTable label="Settlements" columns={columns} rows={settlements} rowKey={({ id }) => id} />
      <Confirm
        isOpen={chosen !== null}
        close={() => setChosen(null)}
        title={chosen ? `Undo the ${kindWords[chosen.kind].toLowerCase()} of ${amount}?` : ''}
        action="Undo"
        isDangerous
        isBusy={undo.isPending}
        error={undo.error}
        run={() => chosen && undo.mutate({ params: { id: chosen.id } })}
      >
        {chosen?.kind === 'refund'
          ? `A reversing entry takes the refund back: ${amount} stand in the bank account again and are free to use.`
          : `A reversing entry opens ${chosen?.document?.number ?? 'the invoice'} again by ${amount}. ${
              chosen?.kind === 'write_off' ? '' : 'The money or credit is then free for other invoices.'
            }`}
      </Confirm>
    </>
  );
}

function Parties({ settlement }: { readonly settlement: SettlementWire }) {
  const { receipt, creditNote, document } = settlement;
  return (
    <>
      {receipt ? (
        <Link className="link" to="/receipts/$receiptId" params={{ receiptId: receipt.id }}>
          {receipt.number}
        </Link>
      ) : null}
      {creditNote ? (
        <Link className="link" to="/invoices/$documentId" params={{ documentId: creditNote.id }}>
          {creditNote.number}
        </Link>
      ) : null}
      {document ? (
        <>
          {' '}
          on{' '}
          <Link className="link" to="/invoices/$documentId" params={{ documentId: document.id }}>
            {document.number}
          </Link>
        </>
      ) : null}
    </>
  );
}
