import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import type { duePartWire } from '../../../contract/contracts-wire.ts';
import { apiListQuery, call, useApiMutation } from '../../api/query.ts';
import { countOf, listOf } from '../../format/count.ts';
import { formatAmount } from '../../format/amount.ts';
import { formatDay, formatMonth } from '../../format/date.ts';
import { lastDayOf } from '../../format/months.ts';
import { Amount } from '../../parts/amount.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Month } from '../../parts/date-text.tsx';
import { ExportButton } from '../../parts/export-button.tsx';
import { Name } from '../../parts/name.tsx';
import { Empty, Note, Problem } from '../../parts/note.tsx';
import { Pager } from '../../parts/pager.tsx';
import { LinesPlaceholder } from '../../parts/placeholder.tsx';
import type { PageSearch } from '../../parts/use-cursor-pages.ts';
import { OpenDay } from './open-day.tsx';

type DuePart = z.infer<typeof duePartWire>;

const columns: readonly Column<DuePart>[] = [
  {
    key: 'contract',
    header: 'Contract',
    fit: true,
    text: ({ contractNumber }) => contractNumber,
    cell: ({ contractId, contractNumber, customer }) => (
      <>
        <Link className="row-link" to="/contracts/$contractId" params={{ contractId }}>
          {contractNumber}
        </Link>
        <span className="xs-only phone-lines">
          <Name text={customer} />
        </span>
      </>
    ),
  },
  {
    key: 'customer',
    header: 'Customer',
    hide: 'xs',
    text: ({ customer }) => customer,
    cell: ({ customer }) => <Name text={customer} />,
  },
  {
    key: 'obligation',
    header: 'Obligation',
    hide: 'sm',
    text: ({ obligation }) => obligation,
    cell: ({ obligation }) => <Name text={obligation} />,
  },
  {
    key: 'month',
    header: 'Month',
    fit: true,
    text: ({ period }) => period.slice(0, 7),
    cell: ({ period }) => <Month day={period} />,
  },
  {
    key: 'amount',
    header: 'Revenue',
    align: 'end',
    fit: true,
    text: ({ amount }) => amount,
    cell: ({ amount, currency }) => <Amount amount={amount} currency={currency} />,
  },
];

const exported: readonly Column<DuePart>[] = [
  ...columns,
  { key: 'currency', header: 'Currency', text: ({ currency }) => currency, cell: ({ currency }) => currency },
];

interface RecognitionPreviewProps {
  readonly entityId: string;
  /** First day of the month. */
  readonly period: string;
  readonly canPost: boolean;
  readonly page: PageSearch;
  readonly go: (page: PageSearch) => void;
}

/** What a run of the month would recognise, by contract and obligation, and posting it. */
export function RecognitionPreview(props: RecognitionPreviewProps) {
  const { entityId, period, canPost, page, go } = props;
  const query = { entityId, period };
  const preview = useQuery(apiListQuery('previewRecognitionRun', { query: { ...query, after: page.after } }));
  const [isPosting, setIsPosting] = useState(false);
  const [posted, setPosted] = useState<string | null>(null);
  const due = preview.data;
  const totals = (due?.totals ?? []).map(
    ({ currency, amount }) => `${currency} ${formatAmount(amount, currency)}`,
  );
  return (
    <section aria-labelledby="due" className="stack-tight">
      <div className="row row-between">
        <h2 id="due" style={{ margin: 0 }}>
          Due up to the end of {formatMonth(period)}
        </h2>
        {due && due.total > 0 ? (
          <span className="row">
            <ExportButton
              fileName={`recognition-${period.slice(0, 7)}`}
              columns={exported}
              readPage={(part) => call('previewRecognitionRun', { query: { ...query, ...part } })}
            />
            {canPost ? <Button onClick={() => setIsPosting(true)}>Recognise…</Button> : null}
          </span>
        ) : null}
      </div>
      {posted === null ? null : (
        <Note tone="good" live title={posted}>
          The run stands below. It can be undone.
        </Note>
      )}
      <Problem error={preview.error} />
      {preview.isPending ? <LinesPlaceholder lines={6} /> : null}
      {due?.total === 0 ? (
        <Empty title={`Nothing is due up to the end of ${formatMonth(period)}`}>
          Active contracts stand here with what their schedules have for the month, and with what earlier
          months left. Choose another month, or activate a contract.
        </Empty>
      ) : null}
      {due && due.total > 0 ? (
        <>
          <div>
            <strong>{listOf(totals)}</strong> of {countOf(due.contracts, 'contract')}. What earlier months
            left is with it.
          </div>
          <DataTable
            label="Revenue that is due"
            columns={columns}
            rows={due.data.map((part, index) => ({ ...part, key: `${part.contractId} ${index}` }))}
            rowKey={({ key }) => key}
            busy={preview.isPlaceholderData}
          />
          <Pager listKey={['due', entityId, period]} search={page} list={due} noun="part" go={go} />
        </>
      ) : null}
      {isPosting && due ? (
        <PostRun
          entityId={entityId}
          period={period}
          says={`${listOf(totals)} of ${countOf(due.contracts, 'contract')} ${due.contracts === 1 ? 'becomes' : 'become'} revenue.`}
          close={() => setIsPosting(false)}
          done={(words) => {
            setIsPosting(false);
            setPosted(words);
            go({});
          }}
        />
      ) : null}
    </section>
  );
}

interface PostRunProps {
  readonly entityId: string;
  readonly period: string;
  readonly says: string;
  readonly close: () => void;
  readonly done: (words: string) => void;
}

function PostRun({ entityId, period, says, close, done }: PostRunProps) {
  const last = lastDayOf(period.slice(0, 7));
  const [date, setDate] = useState(last);
  const post = useApiMutation('postRecognitionRun', {
    changes: 'all',
    onDone: ({ run }) =>
      done(
        run === null
          ? 'Nothing was left to recognise: another run had taken it'
          : `${listOf(run.totals.map(({ currency, amount }) => `${currency} ${formatAmount(amount, currency)}`))} recognised on ${formatDay(run.date)}`,
      ),
  });
  return (
    <Confirm
      isOpen
      close={close}
      title={`Recognise ${formatMonth(period)}?`}
      action="Recognise"
      isBusy={post.isPending}
      isReady={date !== ''}
      error={post.error}
      run={() => post.mutate({ body: { entityId, period, ...(date === last ? {} : { date }) } })}
    >
      <div className="stack">
        <div>{says} One journal entry a contract; the run can be undone.</div>
        <TextInput
          label="Date of the entries"
          description="The last day of the month, or a later one when the month is closed."
          type="date"
          required
          min={last}
          value={date}
          onChange={(event) => setDate(event.currentTarget.value)}
        />
        <OpenDay entityId={entityId} day={date} choose={setDate} />
      </div>
    </Confirm>
  );
}
