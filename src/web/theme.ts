import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const river: MantineColorsTuple = [
  '#eef8fa',
  '#d9eef2',
  '#b3dee6',
  '#86cbd8',
  '#62bbcc',
  '#3fa5b9',
  '#26899e',
  '#167489',
  '#0f6579',
  '#0a4a5a',
];

const dark: MantineColorsTuple = [
  '#dde2e5',
  '#bac3c8',
  '#9ba7ad',
  '#737f86',
  '#3d464b',
  '#30383d',
  '#242b2f',
  '#171c1f',
  '#111618',
  '#0b0e10',
];

export const theme = createTheme({
  primaryColor: 'river',
  // White text on lighter shades misses the contrast of 4.5:1.
  primaryShade: 8,
  colors: { river, dark },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  fontFamily:
    'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.35' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
  components: {
    Modal: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' }, centered: true } },
    Drawer: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    Tooltip: {
      defaultProps: { openDelay: 300, withArrow: true, events: { hover: true, focus: true, touch: true } },
    },
    Select: { defaultProps: { checkIconPosition: 'right' } },
    TextInput: { defaultProps: { autoComplete: 'off' } },
  },
});

/** Dimmed and placeholder text of Mantine misses 4.5:1 on our grounds; these hold it on the page and on raised parts. */
export const resolveCssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#566067',
    '--mantine-color-placeholder': '#667077',
    '--mantine-color-error': '#b42318',
    '--mantine-color-default-border': '#cfd6da',
  },
  dark: {
    '--mantine-color-dimmed': '#9ba7ad',
    '--mantine-color-placeholder': '#8d999f',
    '--mantine-color-error': '#ff8f85',
    '--mantine-color-default-border': '#3d464b',
  },
});
