import { Button } from '@mantine/core';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { useApiMutation } from '../../api/query.ts';
import { OutsideLink } from '../../parts/link.tsx';
import { Problem } from '../../parts/note.tsx';

/** Is the vendor reachable, the authorization alive, every scope there? */
export function ConnectionTest({ connectionId }: { readonly connectionId: string }) {
  const test = useApiMutation('testConnection', { changes: ['getConnection'] });
  return (
    <section className="card stack-tight" aria-labelledby="test">
      <div className="row row-between">
        <h2 id="test" style={{ margin: 0 }}>
          Does it work?
        </h2>
        <Button
          variant="default"
          size="sm"
          loading={test.isPending}
          onClick={() => test.mutate({ params: { id: connectionId } })}
        >
          Test connection
        </Button>
      </div>
      <Problem error={test.error} />
      {test.data ? (
        <div role="status">
          <ul style={{ listStyle: 'none', padding: 0, margin: 0 }} className="stack-tight">
            {test.data.checks.map(({ name, ok, message }) => (
              <li key={name} className="row" style={{ flexWrap: 'nowrap', alignItems: 'flex-start' }}>
                <span className={`status tone-${ok ? 'good' : 'bad'}`}>
                  {ok ? (
                    <IconCircleCheck size={14} aria-hidden="true" />
                  ) : (
                    <IconCircleX size={14} aria-hidden="true" />
                  )}
                  {ok ? 'Works' : 'Fails'}
                </span>
                <span>
                  {name}: {message}
                </span>
              </li>
            ))}
          </ul>
          <OutsideLink href={test.data.statusPageUrl}>The vendor’s status page</OutsideLink>
        </div>
      ) : (
        <p className="soft" style={{ margin: 0 }}>
          Asks the vendor whether it answers, whether the authorization holds and whether every permission is
          there.
        </p>
      )}
    </section>
  );
}
