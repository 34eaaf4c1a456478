import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

/** Mantine's blue from Rancher's: shade 6 is the primary of both themes, the lighter ones serve the dark theme. */
const accent: MantineColorsTuple = [
  '#edf2fd',
  '#dde7fb',
  '#b9cdf7',
  '#9bbffd',
  '#75a1ff',
  '#4579e4',
  '#2f68df',
  '#1d51be',
  '#1a479f',
  '#14306f',
]

/** Rancher's shapes: radius 4, one font, no shadows. Colours come from `theme.css`, so that both themes and our own CSS share them. */
export const theme = createTheme({
  fontFamily: 'Lato, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: '"Roboto Mono", "DejaVu Sans Mono", ui-monospace, monospace',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '18px' },
  lineHeights: { xs: '16px', sm: '18px', md: '20px', lg: '22px', xl: '24px' },
  headings: {
    fontWeight: '400',
    sizes: {
      h1: { fontSize: '24px', lineHeight: '30px' },
      h2: { fontSize: '21px', lineHeight: '24px' },
      h3: { fontSize: '16px', lineHeight: '20px' },
    },
  },
  radius: { xs: '2px', sm: '4px', md: '4px', lg: '8px', xl: '20px' },
  spacing: { xs: '4px', sm: '8px', md: '16px', lg: '24px', xl: '32px' },
  shadows: { xs: 'none', sm: 'none', md: 'none', lg: 'none', xl: 'none' },
  defaultRadius: 'sm',
  primaryColor: 'accent',
  primaryShade: 6,
  colors: { accent },
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
})

const shared = {
  '--mantine-color-body': 'var(--page)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-bright': 'var(--text)',
  '--mantine-color-dimmed': 'var(--muted)',
  '--mantine-color-placeholder': 'var(--muted)',
  '--mantine-color-anchor': 'var(--link)',
  '--mantine-color-default': 'var(--page)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--input)',
  '--mantine-color-error': 'var(--failing-text)',
  '--mantine-color-disabled': 'var(--disabled)',
  '--mantine-color-disabled-color': 'var(--disabled-text)',
  '--mantine-color-disabled-border': 'var(--disabled)',
  '--mantine-primary-color-filled': 'var(--primary)',
  '--mantine-primary-color-filled-hover': 'var(--primary-hover)',
  '--mantine-color-accent-filled': 'var(--primary)',
  '--mantine-color-accent-filled-hover': 'var(--primary-hover)',
  '--mantine-color-accent-light': 'var(--primary-soft)',
  '--mantine-color-accent-light-hover': 'var(--accent-soft)',
  '--mantine-color-accent-light-color': 'var(--accent)',
  '--mantine-color-accent-outline': 'var(--accent)',
  '--mantine-color-accent-outline-hover': 'var(--primary-soft)',
}

/** Mantine's own variables, given the values of ours. */
export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared })
