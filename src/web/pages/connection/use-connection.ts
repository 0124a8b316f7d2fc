import { useQuery } from '@tanstack/react-query';
import { apiQuery } from '../../api/query.ts';

const refreshEveryMs = 5_000;

/** The connection of the page, asked for again now and then: its status and counts change by themselves. */
export function useConnection(connectionId: string) {
  return useQuery({
    ...apiQuery('getConnection', { params: { id: connectionId } }),
    refetchInterval: refreshEveryMs,
  });
}
