// The places that the rail and the bar of a phone lead to; only what exists.
import type { ReactElement } from 'react';

interface Place {
  to: '/' | '/data' | '/tokenizer' | '/models/design' | '/runs' | '/playground' | '/settings';
  label: string;
  icon: ReactElement;
}

const icon = (path: string) => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <path d={path} />
  </svg>
);

export const NAV: Place[] = [
  { to: '/', label: 'Home', icon: icon('M4 11l8-7 8 7v8.5H4zM9.5 19.500v-6h5v6') },
  { to: '/data', label: 'Data', icon: icon('M4 6h16M4 12h16M4 18h9') },
  {
    to: '/tokenizer',
    label: 'Tokenizers',
    icon: icon('M4 6h7v5H4zM13.500 6H20v5h-6.500zM4 13.500h4v5H4zM10.500 13.500H20v5h-9.500z'),
  },
  {
    to: '/models/design',
    label: 'Models',
    icon: icon('M12 4v16M7 8h10v3H7zM7 14h10v3H7z'),
  },
  { to: '/runs', label: 'Runs', icon: icon('M4 5c1.500 8 6 12.500 16 13.500M4 20h16M4 20V4') },
  { to: '/playground', label: 'Playground', icon: icon('M4 5h16v11H11l-4.500 4V16H4z') },
  {
    to: '/settings',
    label: 'Settings',
    icon: icon('M4 7h9M17.500 7H20M4 17h3M11.500 17H20M15 4.700v4.600M9 14.700v4.600'),
  },
];
