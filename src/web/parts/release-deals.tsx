import { Button } from '@mantine/core';
import { useApiMutation } from '../api/query.ts';
import { countOf } from '../format/count.ts';
import { Note, Problem } from './note.tsx';

interface ReleaseDealsProps {
  readonly connectionId: string;
  readonly deals: readonly string[];
}

/** Lets deals whose document was undone make one again. */
export function ReleaseDeals({ connectionId, deals }: ReleaseDealsProps) {
  const release = useApiMutation('releaseDeals', { changes: ['listReview', 'getOverview', 'getWhy'] });
  return (
    <>
      <Button
        size="sm"
        variant="default"
        loading={release.isPending}
        onClick={() => release.mutate({ params: { id: connectionId }, body: { deals: [...deals] } })}
      >
        Release {countOf(deals.length, 'deal')}
      </Button>
      <Problem error={release.error} title="Nothing was released." />
      {release.data ? (
        <Note tone="good" live title={`${countOf(release.data.released.length, 'deal')} released`}>
          The next sync makes their documents again.
        </Note>
      ) : null}
    </>
  );
}
