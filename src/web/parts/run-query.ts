import { apiQuery } from '../api/query.ts';
import { isRunOver } from '../format/run-sentence.ts';

/** Fast enough to see a run move, slow enough for a hundred open pages. */
const pollEveryMs = 700;

/** A run, asked for again until it is over. */
export function runQuery(runId: string) {
  return {
    ...apiQuery('getRun', { params: { id: runId } }),
    refetchInterval: (query: {
      readonly state: { readonly data: { readonly status: string } | undefined };
    }) => {
      const run = query.state.data;
      // The statuses are those of the wire.
      return run && isRunOver(run as Parameters<typeof isRunOver>[0]) ? false : pollEveryMs;
    },
  } as const;
}
