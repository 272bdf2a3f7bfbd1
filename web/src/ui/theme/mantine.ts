// Mantine in our colours: accent scales here, everything else reads the CSS variables of tokens.css.
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple, Menu, Modal } from '@mantine/core';

const glass: MantineColorsTuple = [
  '#e8f6f6',
  '#d7efef',
  '#b3dede',
  '#7fbec1',
  '#4f9da3',
  '#25808a',
  '#04676e',
  '#045259',
  '#033f45',
  '#022c31',
];

export const theme = createTheme({
  colors: { glass },
  primaryColor: 'glass',
  primaryShade: { light: 6, dark: 3 },
  fontFamily: 'var(--font-bench)',
  fontFamilyMonospace: 'var(--font-model)',
  headings: { fontFamily: 'var(--font-bench)' },
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.1875rem' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  radius: { xs: '2px', sm: '5px', md: '9px', lg: '9px', xl: '9px' },
  defaultRadius: 'sm',
  shadows: { sm: 'var(--lift-1)', md: 'var(--lift-2)' },
  respectReducedMotion: true,
  components: {
    Modal: Modal.extend({
      defaultProps: {
        closeButtonProps: { 'aria-label': 'Close' },
        attributes: { header: { role: 'presentation' } }, // the page has a header of its own
      },
    }),
    Menu: Menu.extend({ defaultProps: { withinPortal: false, withInitialFocusPlaceholder: false } }),
  },
});

const variables = {
  '--mantine-color-body': 'var(--bg)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink-3)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-border': 'var(--line-2)',
  '--mantine-color-error': 'var(--bad)',
  '--mantine-color-anchor': 'var(--glass)',
  '--mantine-color-placeholder': 'var(--ink-3)',
  '--mantine-primary-color-filled': 'var(--glass)',
  '--mantine-primary-color-contrast': 'var(--on-glass)',
};

export const resolver: CSSVariablesResolver = () => ({ variables: {}, light: variables, dark: variables });
