import { mostLines, mostRows } from './explored.ts'

/** What the Explore page says. */
export const strings = {
  title: 'Explore',
  summary: 'Prometheus in its own language',
  expression: 'PromQL expression',
  placeholder: 'PromQL; Ctrl and Space completes, Enter runs',
  run: 'Run',
  view: 'Show the answer as',
  chart: 'Chart',
  table: 'Table',
  loading: 'Prometheus is being asked',
  none: {
    title: 'Nothing has been asked yet',
    text: 'Write an expression above, or take one from a panel: “PromQL” in its menu leads here.',
  },
  failed: 'Prometheus refused the expression',
  failedText: 'Correct it above, or try again.',
  retry: 'Try again',
  empty: {
    title: 'No series',
    text: 'The expression is right, and Prometheus has nothing for it in this range.',
  },
  noRows: 'Prometheus has nothing for it at this instant.',
  stale: (cause: string) => `These numbers are older. ${cause}`,
  lines: (count: number, ms: number) => `${count} series in ${ms} ms.`,
  cut: (count: number) => `The ${mostLines} largest of ${count} series are drawn.`,
  cutRows: (count: number) => `The first ${mostRows} of ${count} results are listed; the file holds all.`,
  skipped: (count: number) =>
    `${count} of the results are of a kind that is not shown here, such as native histograms.`,
  overall: 'mean of the span',
  hint: 'Click hides or shows it, Shift and click or a double click shows it alone.',
  value: 'Value',
  at: (instant: string) => `At ${instant}`,
  csv: 'Export CSV',
  range: (from: string, to: string, step: string) => `${from} to ${to}, step ${step}`,
}
