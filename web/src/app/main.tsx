// Where the pages begin: theme, queries, router.
import '@mantine/core/styles.layer.css';
import '@fontsource-variable/newsreader/opsz.css';
import '@fontsource-variable/newsreader/opsz-italic.css';
import '@fontsource-variable/instrument-sans/wght.css';
import '@fontsource/commit-mono/latin-400.css';
import '@fontsource/commit-mono/latin-600.css';
import '@/ui/theme/tokens.css';
import '@/ui/theme/base.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { resolver, theme } from '@/ui/theme/mantine';
import { loadPagesAhead } from './lazy-page';
import { queries } from './queries';
import { router } from './router';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element #root');
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={resolver} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
loadPagesAhead();
// The teacher's voice tells of a dead server too, and could not be fetched then.
addEventListener('load', () => void document.fonts.load('20px "Newsreader Variable"'));
