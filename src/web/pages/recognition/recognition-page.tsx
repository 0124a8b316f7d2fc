import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Select } from '@mantine/core';
import { apiListQuery } from '../../api/query.ts';
import { firstDayOf, monthFromNow, parseMonth } from '../../format/months.ts';
import { MonthInput } from '../../parts/month-input.tsx';
import { Problem } from '../../parts/note.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Pager } from '../../parts/pager.tsx';
import { useEntities, useOneEntity } from '../../shell/books-scope.ts';
import { useCan } from '../../shell/session.ts';
import { RecognitionPreview } from './recognition-preview.tsx';
import { RecognitionRuns } from './recognition-runs.tsx';

/** The month end of revenue contracts: what is due to be recognised, posting it, and the runs that were posted. */
export function RecognitionPage() {
  const entity = useOneEntity();
  const entities = useEntities();
  const canPost = useCan('post');
  const search = useSearch({ from: '/app/recognition' });
  const navigate = useNavigate({ from: '/recognition' });
  // At month end one works on the month before.
  const month = parseMonth(search.month) ?? monthFromNow(-1);
  const runs = useQuery(
    apiListQuery('listRecognitionRuns', { query: { entityId: entity?.id, after: search.after } }),
  );
  return (
    <>
      <PageHeader
        title="Recognition"
        lead="Once a month, what contracts have earned becomes revenue: one journal entry a contract. Nothing is recognised twice."
      />
      <div className="toolbar" role="search" aria-label="Choose the entity and the month">
        <Select
          label="Entity"
          size="sm"
          w={260}
          maw="100%"
          allowDeselect={false}
          data={entities.map(({ id, name, mode }) => ({
            value: id,
            label: mode === 'test' && !/test/i.test(name) ? `${name} (test)` : name,
          }))}
          value={entity?.id ?? null}
          onChange={(id) => id && void navigate({ search: { month: search.month, entity: id } })}
        />
        <MonthInput
          label="Month"
          value={month}
          change={(value) =>
            void navigate({ search: (old) => ({ ...old, month: value, due: undefined, duePage: undefined }) })
          }
        />
      </div>
      <div className="stack">
        {entity ? (
          <RecognitionPreview
            key={`${entity.id} ${month}`}
            entityId={entity.id}
            period={firstDayOf(month)}
            canPost={canPost}
            page={{ after: search.due, page: search.duePage }}
            go={({ after, page }) =>
              void navigate({ search: (old) => ({ ...old, due: after, duePage: page }) })
            }
          />
        ) : null}
        <section aria-labelledby="runs">
          <h2 id="runs">Runs</h2>
          <Problem error={runs.error} />
          {runs.data?.data.length === 0 ? (
            <p className="soft" style={{ margin: 0 }}>
              No run yet. Each run that you post stands here, and can be undone.
            </p>
          ) : (
            <RecognitionRuns
              runs={runs.data?.data}
              busy={runs.isPlaceholderData}
              canPost={canPost}
              entityId={entity?.id}
            />
          )}
          {runs.data && runs.data.total > 0 ? (
            <Pager
              listKey={['recognition', entity?.id]}
              search={search}
              list={runs.data}
              noun="run"
              go={(page) =>
                void navigate({ search: (old) => ({ ...old, after: undefined, page: undefined, ...page }) })
              }
            />
          ) : null}
        </section>
      </div>
    </>
  );
}
