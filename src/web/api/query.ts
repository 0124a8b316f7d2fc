import {
  keepPreviousData,
  QueryCache,
  QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import type { ApiError, RequestOf, ResponseOf } from '../../contract/client.ts';
import type { OperationId } from '../../contract/routes.ts';
import { client, isApiError } from './client.ts';

/** A read of the API as a query. Its key is the operation and what was asked, so that one answer serves every place that asks. */
export function apiQuery<Op extends OperationId>(operation: Op, request: RequestOf<Op>) {
  return queryOptions<ResponseOf<Op>, ApiError>({
    queryKey: [operation, request],
    queryFn: ({ signal }) => call(operation, { ...request, signal }),
  });
}

/** The same, showing the last answer while another page or filter of the same list is on its way. */
export function apiListQuery<Op extends OperationId>(operation: Op, request: RequestOf<Op>) {
  return { ...apiQuery(operation, request), placeholderData: keepPreviousData };
}

export function call<Op extends OperationId>(operation: Op, request: RequestOf<Op>): Promise<ResponseOf<Op>> {
  // The client leaves the request out where an operation takes nothing; giving one is always allowed.
  const callAny = client.call as (operation: Op, request: RequestOf<Op>) => Promise<ResponseOf<Op>>;
  return callAny(operation, request);
}

interface ApiMutationOptions<Op extends OperationId> {
  /** Reads that show something else now. `all` after what changes the books or a run. */
  readonly changes?: readonly OperationId[] | 'all';
  readonly onDone?: (answer: ResponseOf<Op>, request: RequestOf<Op>) => void;
}

/** A write of the API. Its error is shown by the place that asked, with `Problem`. */
export function useApiMutation<Op extends OperationId>(operation: Op, options: ApiMutationOptions<Op> = {}) {
  const queryClient = useQueryClient();
  return useMutation<ResponseOf<Op>, ApiError, RequestOf<Op>>({
    mutationFn: (request) => call(operation, request),
    onSuccess: async (answer, request) => {
      const { changes = [] } = options;
      options.onDone?.(answer, request);
      if (changes === 'all') await queryClient.invalidateQueries();
      else
        await Promise.all(changes.map((changed) => queryClient.invalidateQueries({ queryKey: [changed] })));
    },
  });
}

/** A refused or wrong request fails the same way again; only what may pass by itself is asked twice more. */
const retriesMax = 2;

export function createQueryClient(onSignedOut: () => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (isApiError(error, 'unauthenticated')) onSignedOut();
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) =>
          failures < retriesMax && isApiError(error) && (error.status === 0 || error.status >= 500),
      },
    },
  });
}
