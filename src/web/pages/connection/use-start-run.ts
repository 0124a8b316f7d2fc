import { useNavigate } from '@tanstack/react-router';
import type { ConnectionWire } from '../../../contract/sync-wire.ts';
import { useApiMutation } from '../../api/query.ts';

/** Starts a preview or a sync of the connection and goes to where it can be watched. */
export function useStartRun({ id, connector }: Pick<ConnectionWire, 'id' | 'connector'>) {
  const navigate = useNavigate();
  const preview = useApiMutation('startPreview', {
    changes: ['listRuns', 'getConnection'],
    onDone: ({ runId }) =>
      void navigate({
        to: '/settings/integrations/$connector/$connectionId/preview/$runId',
        params: { connector, connectionId: id, runId },
        search: {},
      }),
  });
  const sync = useApiMutation('triggerSync', {
    changes: ['listRuns', 'getConnection'],
    onDone: ({ runId }) => void navigate({ to: '/runs/$runId', params: { runId }, search: {} }),
  });
  return {
    preview: {
      run: () => preview.mutate({ params: { id } }),
      isBusy: preview.isPending,
      error: preview.error,
    },
    sync: {
      run: () => sync.mutate({ params: { connector, connectionId: id } }),
      isBusy: sync.isPending,
      error: sync.error,
    },
  };
}
