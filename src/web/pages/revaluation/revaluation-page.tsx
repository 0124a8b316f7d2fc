import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import type { revaluationPlanWire, revaluationWire } from '../../../contract/revaluation-routes.ts';
import { apiListQuery, useApiMutation } from '../../api/query.ts';
import { formatDay } from '../../format/date.ts';
import { Amount } from '../../parts/amount.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Day } from '../../parts/date-text.tsx';
import { Empty, Note, Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Pager } from '../../parts/pager.tsx';
import { useOneEntity } from '../../shell/books-scope.ts';
import { useCan } from '../../shell/session.ts';
import { RevaluationFigures } from './revaluation-figures.tsx';

type Plan = z.infer<typeof revaluationPlanWire>;
type Revaluation = z.infer<typeof revaluationWire>;

export function RevaluationPage() {
  const entity = useOneEntity();
  const mayPost = useCan('post');
  const search = useSearch({ from: '/app/reports/revaluation' });
  const navigate = useNavigate({ from: '/reports/revaluation' });
  const [undoing, setUndoing] = useState<Revaluation | null>(null);
  const query = { entityId: entity?.id, after: search.after };
  const history = useQuery(apiListQuery('listRevaluations', { query }));
  const undo = useApiMutation('undoRevaluation', { changes: 'all', onDone: () => setUndoing(null) });
  return (
    <>
      <PageHeader
        title="Revaluation"
        crumbs={[
          <Link key="reports" to="/reports">
            Planning &amp; Reports › Reports
          </Link>,
        ]}
        lead="Takes receivables, prepayments, bank, clearing and tax in foreign currencies to the closing rate of a day; the next day reverses it."
      />
      <div className="stack">
        {entity ? <RevaluationForm key={entity.id} entityId={entity.id} mayPost={mayPost} /> : null}
        <Problem error={history.error} />
        {history.data?.data.length === 0 ? (
          <Empty title="No revaluation yet">
            Choose the last day of a month above and preview it. Nothing is posted before you say so.
          </Empty>
        ) : (
          <>
            <DataTable
              label="Revaluations"
              columns={historyColumns(mayPost ? setUndoing : null)}
              rows={history.data?.data}
              rowKey={({ id }) => id}
              busy={history.isPlaceholderData}
            />
            <Pager
              listKey={['revaluations', entity?.id]}
              list={history.data}
              search={search}
              noun="revaluation"
              go={(page) => void navigate({ search: page })}
            />
          </>
        )}
      </div>
      <Confirm
        isOpen={undoing !== null}
        close={() => setUndoing(null)}
        title="Undo the revaluation?"
        action="Undo revaluation"
        isDangerous
        isBusy={undo.isPending}
        error={undo.error}
        run={() => undoing && undo.mutate({ params: { id: undoing.id } })}
      >
        Two entries take back that of {undoing ? formatDay(undoing.date) : ''} and its reversal on the next
        day. Both days then stand as before.
      </Confirm>
    </>
  );
}

function historyColumns(
  startUndo: ((revaluation: Revaluation) => void) | null,
): readonly Column<Revaluation>[] {
  const sum = (key: 'gain' | 'loss', header: string): Column<Revaluation> => ({
    key,
    header,
    align: 'end',
    fit: true,
    cell: (row) => <Amount amount={row[key]} currency={row.baseCurrency} hideZero />,
  });
  return [
    {
      key: 'date',
      header: 'Day',
      fit: true,
      cell: ({ date }) => (
        <Link to="/journal" search={{ from: date, to: date }}>
          <Day day={date} />
        </Link>
      ),
    },
    { key: 'state', header: 'State', cell: ({ undoneAt }) => (undoneAt === null ? 'In force' : 'Undone') },
    {
      key: 'rates',
      header: 'Rates',
      hide: 'md',
      cell: ({ figures }) => ratesText(figures),
    },
    { key: 'by', header: 'By', hide: 'md', cell: ({ createdBy }) => createdBy },
    sum('gain', 'Gain'),
    sum('loss', 'Loss'),
    {
      key: 'undo',
      header: 'Action',
      fit: true,
      cell: (row) =>
        startUndo !== null && row.undoneAt === null ? (
          <Button size="xs" variant="default" onClick={() => startUndo(row)}>
            Undo
          </Button>
        ) : null,
    },
  ];
}

function ratesText(figures: Revaluation['figures']): string {
  const rates = new Map(figures.flatMap(({ currency, rate }) => (rate === null ? [] : [[currency, rate]])));
  return [...rates].map(([currency, rate]) => `${currency} ${rate}`).join(', ');
}

const previewWords: Readonly<Record<Plan['outcome'], string>> = {
  posted: 'This would be posted',
  replaced: 'Rates or balances have changed: this would replace the revaluation of the day',
  withdrawn: 'Nothing is left to revalue: the revaluation of the day would be undone',
  unchanged: 'The day is revalued with these very figures',
  nothing: 'Nothing to revalue: every balance stands at its closing rate',
};
const doneWords: Readonly<Record<Plan['outcome'], string>> = {
  ...previewWords,
  posted: 'Posted, and reversed on the next day',
  replaced: 'The former revaluation of the day was undone and this one posted',
  withdrawn: 'The revaluation of the day was undone',
};

/** The last day of the month before this one, where month-ends are worked on. */
function lastMonthEnd(): string {
  const today = new Date();
  return new Date(Date.UTC(today.getFullYear(), today.getMonth(), 0)).toISOString().slice(0, 10);
}

function RevaluationForm({ entityId, mayPost }: { readonly entityId: string; readonly mayPost: boolean }) {
  const [date, setDate] = useState(lastMonthEnd);
  const preview = useApiMutation('previewRevaluation');
  const post = useApiMutation('createRevaluation', { changes: 'all', onDone: () => preview.reset() });
  const plan = post.data ?? preview.data;
  const canPost = preview.data && !['unchanged', 'nothing'].includes(preview.data.outcome);
  return (
    <form
      className="card stack-tight"
      aria-label="Revalue a day"
      onSubmit={(event) => {
        event.preventDefault();
        post.reset();
        preview.mutate({ body: { entityId, date } });
      }}
    >
      <div className="row row-end">
        <TextInput
          label="At the end of"
          type="date"
          required
          value={date}
          onChange={(event) => {
            preview.reset();
            post.reset();
            setDate(event.currentTarget.value);
          }}
        />
        <Button type="submit" variant="default" loading={preview.isPending}>
          Preview
        </Button>
      </div>
      <Problem
        error={preview.error ?? post.error}
        title="The day was not revalued."
        action={
          <Link className="link" to="/settings/exchange-rates">
            Exchange rates
          </Link>
        }
      />
      {plan ? (
        <>
          <Note
            tone={post.data ? 'good' : 'info'}
            live
            title={(post.data ? doneWords : previewWords)[plan.outcome]}
            action={
              mayPost && canPost ? (
                <Button loading={post.isPending} onClick={() => post.mutate({ body: { entityId, date } })}>
                  {plan.outcome === 'withdrawn' ? 'Undo the former one' : 'Post revaluation'}
                </Button>
              ) : null
            }
          >
            Gains of <Amount amount={plan.gain} currency={plan.baseCurrency} />, losses of{' '}
            <Amount amount={plan.loss} currency={plan.baseCurrency} />.
          </Note>
          {plan.figures.length > 0 ? <RevaluationFigures plan={plan} /> : null}
        </>
      ) : null}
    </form>
  );
}
