import { callDirections } from '../../../mesh/callEnd.ts'
import { endGroupings, type EndGrouping } from '../../../mesh/groups.ts'
import type { DurationStatistic } from '../../../mesh/rangeQueries.ts'
import type { ReporterChoice } from '../../../mesh/scope.ts'
import { choiceWord, flagWord, sharedWords, type StateOf } from '../../url.ts'

export const panelIds = ['success', 'volume', '4xx', '5xx', 'duration', 'tcp', 'connections', 'messages'] as const
export type PanelId = (typeof panelIds)[number]

/** How long before a period the one lies that it is compared with. */
export const comparisons = ['none', '1h', '1d', '1w'] as const
export type Comparison = (typeof comparisons)[number]

export const reporters: readonly ReporterChoice[] = ['auto', 'source', 'destination']

/** The quantiles a person can rank and draw services by. */
export const quantiles = ['p50', 'p90', 'p95', 'p99'] as const satisfies readonly DurationStatistic[]

/** The page's own words of the URL, beside the shared ones. */
export const metricsWords = {
  /** Summary draws totals, detail the ten services that matter most. */
  level: choiceWord(['summary', 'detail'], 'summary'),
  /** How 4xx and 5xx are told: how many there were in each step, or per second. */
  unit: choiceWord(['counts', 'rates'], 'counts'),
  reporter: choiceWord(reporters, 'auto'),
  /** Of one service, workload or app: the calls to it, or those it makes; and what they are split by. */
  direction: choiceWord(callDirections, 'inbound'),
  by: choiceWord<EndGrouping | 'none'>(['none', ...endGroupings], 'none'),
  /** Detail's duration. */
  quantile: choiceWord(quantiles, 'p95'),
  /** The period that stands behind this one. */
  compare: choiceWord(comparisons, 'none'),
  /** Whether charts mark what was rolled out and configured. */
  changes: flagWord(true),
  zone: sharedWords.zone,
  /** The panel drawn across the page. */
  panel: choiceWord<PanelId | 'none'>(['none', ...panelIds], 'none'),
}

export type MetricsChoice = StateOf<typeof metricsWords>
