import { useSuspenseQuery } from '@tanstack/react-query';
import type { Scope as ApiScope } from '../../contract/organization-wire.ts';
import { apiQuery } from '../api/query.ts';

/** Who is signed in. The routes behind the sign-in load it before any page is shown, so it is always there. */
export function useSession() {
  return useSuspenseQuery({ ...apiQuery('getSession', {}), staleTime: 60_000 }).data;
}

/** Whether the page offers it; the server decides. */
export function useCan(scope: ApiScope): boolean {
  return useSession().scopes.includes(scope);
}
