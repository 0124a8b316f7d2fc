import { Button, Checkbox, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import type { closingLineWire, yearClosePreviewWire } from '../../../contract/fiscal-wire.ts';
import { apiQuery, useApiMutation } from '../../api/query.ts';
import { formatAmount } from '../../format/amount.ts';
import { countOf } from '../../format/count.ts';
import { formatDay } from '../../format/date.ts';
import { Amount } from '../../parts/amount.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { ButtonLink } from '../../parts/link.tsx';
import { Name } from '../../parts/name.tsx';
import { Note, Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { LinesPlaceholder } from '../../parts/placeholder.tsx';
import { useCan } from '../../shell/session.ts';

type Preview = z.infer<typeof yearClosePreviewWire>;
type Line = z.infer<typeof closingLineWire>;

function columnsIn(base: string): readonly Column<Line>[] {
  const side = (key: 'debit' | 'credit', header: string): Column<Line> => ({
    key,
    header,
    align: 'end',
    fit: true,
    cell: (line) => <Amount amount={line[key]} currency={line.currency} hideZero />,
  });
  const baseSide = (key: 'baseDebit' | 'baseCredit', header: string): Column<Line> => ({
    key,
    header: `${header} ${base}`,
    align: 'end',
    fit: true,
    hide: 'md',
    cell: (line) => <Amount amount={line[key]} currency={base} bare hideZero />,
  });
  return [
    {
      key: 'account',
      header: 'Account',
      cell: ({ account, accountName }) => <Name text={`${account} ${accountName}`} />,
    },
    side('debit', 'Debit'),
    side('credit', 'Credit'),
    baseSide('baseDebit', 'Debit in'),
    baseSide('baseCredit', 'Credit in'),
  ];
}

/** What closing the year would write, before it does. */
export function YearClosePage() {
  const { yearId } = useParams({ from: '/app/settings/periods/$yearId/close' });
  const query = useQuery(apiQuery('previewYearClose', { params: { id: yearId } }));
  const preview = query.data;
  const canChange = useCan('configure');
  return (
    <>
      <PageHeader
        title={preview ? `Close ${preview.year.name}` : query.isPending ? null : 'Close the year'}
        crumbs={[
          'Settings',
          <Link key="list" to="/settings/periods">
            Periods
          </Link>,
          <Link key="year" to="/settings/periods/$yearId" params={{ yearId }}>
            {preview?.year.name ?? 'Fiscal year'}
          </Link>,
        ]}
        lead="Income and expenses of the year go to retained earnings, so that the next year begins at zero."
      />
      <div className="stack">
        <Problem error={query.error} />
        {query.isPending ? <LinesPlaceholder lines={8} /> : null}
        {preview ? <PreviewBody preview={preview} /> : null}
        {preview && canChange ? <CloseForm preview={preview} /> : null}
      </div>
    </>
  );
}

function PreviewBody({ preview }: { readonly preview: Preview }) {
  const { currency, result, lines, warnings, year } = preview;
  const isLoss = result.startsWith('-');
  const amount = formatAmount(isLoss ? result.slice(1) : result, currency);
  return (
    <>
      {warnings.length > 0 ? (
        <Note tone="warn" title="Worth knowing first">
          <ul style={{ margin: 0, paddingInlineStart: '1.1rem' }}>
            {warnings.map(({ code, message }) => (
              <li key={code}>{message}</li>
            ))}
          </ul>
        </Note>
      ) : null}
      {lines.length === 0 ? (
        <Note tone="info" title="There is nothing to close">
          Every income and expense account of the year is at zero. Closing writes no entry.
        </Note>
      ) : (
        <>
          <p style={{ margin: 0 }}>
            {isLoss ? 'A loss' : 'A profit'} of{' '}
            <strong className="numeric">
              {currency} {amount}
            </strong>
            , in one entry of {countOf(lines.length, 'line')} on {formatDay(year.endDate)}:
          </p>
          <DataTable
            label="The closing entry"
            columns={columnsIn(currency)}
            rows={lines}
            rowKey={(line) =>
              `${line.account} ${line.currency} ${line.debit} ${line.baseDebit} ${line.baseCredit}`
            }
          />
        </>
      )}
    </>
  );
}

function CloseForm({ preview }: { readonly preview: Preview }) {
  const { year, warnings, periods } = preview;
  const [reason, setReason] = useState('');
  const [confirm, setConfirm] = useState(false);
  const navigate = useNavigate();
  const close = useApiMutation('closeFiscalYear', {
    changes: 'all',
    onDone: () => void navigate({ to: '/settings/periods/$yearId', params: { yearId: year.id } }),
  });
  const needsConfirmation = warnings.length > 0;
  return (
    <form
      className="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        close.mutate({ params: { id: year.id }, body: { reason, confirm } });
      }}
    >
      <Problem error={close.error} title="The year was not closed." />
      {periods.length > 0 ? (
        <p style={{ margin: 0 }}>
          {periods.length === 1
            ? periods[0]?.name
            : `${countOf(periods.length, 'open period')}, from ${periods[0]?.name ?? ''} to ${periods.at(-1)?.name ?? ''},`}{' '}
          {periods.length === 1 ? 'is' : 'are'} closed with it.
        </p>
      ) : null}
      <Textarea
        label="Why"
        description="It is kept with your name in the audit trail."
        required
        maxLength={500}
        autosize
        minRows={2}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {needsConfirmation ? (
        <Checkbox
          label="I have read what is worth knowing, and close the year all the same"
          checked={confirm}
          onChange={(event) => setConfirm(event.currentTarget.checked)}
        />
      ) : null}
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <ButtonLink to="/settings/periods/$yearId" params={{ yearId: year.id }} variant="default">
          Cancel
        </ButtonLink>
        <Button
          type="submit"
          loading={close.isPending}
          disabled={reason.trim() === '' || (needsConfirmation && !confirm)}
        >
          Close {year.name}
        </Button>
      </div>
    </form>
  );
}
