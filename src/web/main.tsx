import '@mantine/core/styles.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/table.css';
import './styles/connection.css';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from './api/query.ts';
import { createPageRouter } from './router.tsx';
import { resolveCssVariables, theme } from './theme.ts';

const queryClient = createQueryClient(() => {
  const { location } = router.state;
  if (location.pathname === '/sign-in') return;
  queryClient.removeQueries({ queryKey: ['getSession'] });
  void router.navigate({ to: '/sign-in', search: { from: location.href } });
});
const router = createPageRouter(queryClient);
const colorSchemes = localStorageColorSchemeManager({ key: 'tributary colours' });

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={resolveCssVariables}
      defaultColorScheme="auto"
      colorSchemeManager={colorSchemes}
    >
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
