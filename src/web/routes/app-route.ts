import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  Outlet,
  redirect,
  retainSearchParams,
} from '@tanstack/react-router';
import { isApiError } from '../api/client.ts';
import { apiQuery } from '../api/query.ts';
import { type TextSearch, textSearch } from '../parts/search-params.ts';
import { connectionsQuery, entitiesQuery } from '../shell/books-scope.ts';
import { NotFound, PageError } from '../shell/page-error.tsx';
import { Shell } from '../shell/shell.tsx';

interface RouterContext {
  readonly queryClient: QueryClient;
}

export const root = createRootRouteWithContext<RouterContext>()({
  validateSearch: textSearch('entity'),
  // The chosen books stay chosen on every page, also in a new tab.
  search: { middlewares: [retainSearchParams<TextSearch<'entity'>>(['entity'])] },
  component: Outlet,
  errorComponent: PageError,
  notFoundComponent: NotFound,
});

/** Every page of somebody who is signed in. */
export const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  beforeLoad: async ({ context: { queryClient }, location }) => {
    try {
      await queryClient.ensureQueryData(apiQuery('getSession', {}));
    } catch (error) {
      if (!isApiError(error, 'unauthenticated')) throw error;
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { from: location.href } });
    }
    await Promise.all([
      queryClient.ensureQueryData(entitiesQuery),
      queryClient.ensureQueryData(connectionsQuery),
    ]);
  },
  component: Shell,
  errorComponent: PageError,
});

/** What lists keep in their addresses. */
export const listSearch = ['q', 'after', 'page'] as const;
