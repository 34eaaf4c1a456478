import { at, isObject, listAt, numberAt, textAt } from '../config/reading.ts'

/** What Prometheus tells of itself and of Istio's series, as the question `facts` answers it in depth. Absent: could not be asked. */
export interface TelemetryEvidence {
  /** Unix seconds, at one moment. */
  readonly clocks: { readonly meshboard: number; readonly prometheus?: number }
  /** Unix seconds: the newest sample of Istio's metrics; later than Prometheus's own clock where proxies' clocks run ahead. */
  readonly newestSample?: number
  /** Seconds: Istio's series were there so long ago. */
  readonly history?: number
  /** Reporters with series at this moment, sorted. */
  readonly reportersNow?: readonly string[]
  /** The scope's namespaces of which anything is told. */
  readonly reports?: readonly NamespaceReports[]
  /** How many series of the scope's own proxies moved within the window; only of chosen namespaces. */
  readonly moved?: number
  /** Standard labels that some of the scope's series do not have. */
  readonly missingLabels?: readonly MissingLabel[]
  readonly duplicates?: Duplicates
  readonly histograms?: Histograms
  readonly recordingRules?: { readonly count: number; readonly names: readonly string[] }
  readonly targets?: { readonly down: number; readonly all: number; readonly examples: readonly string[] }
}

/** Whose proxies speak of a namespace. */
export interface NamespaceReports {
  readonly namespace: string
  /** Series that its own proxies report, as callers and as callees. */
  readonly ownSource: number
  readonly ownDestination: number
  /** Whether others' proxies report calls from it, and calls to it. */
  readonly isHeardCalling: boolean
  readonly isHeardCalled: boolean
}

export interface MissingLabel {
  readonly label: string
  readonly series: number
  readonly of: number
}

/** Pods whose proxy is scraped more than once. */
export interface Duplicates {
  readonly pods: number
  readonly of: number
  /** How often the worst is scraped. */
  readonly most: number
  readonly examples: readonly string[]
}

/** How many series there are of each shape of the request duration. */
export interface Histograms {
  /** Classic, in milliseconds: by their counts, and by their buckets up to infinity. */
  readonly counts: number
  readonly buckets: number
  /** In seconds, as Mixer and some collectors write them. */
  readonly seconds: number
  /** Under the bare name: native histograms, or classic ones that Prometheus converted (NHCB). */
  readonly native: number
}

/** The evidence in an answer's JSON; `undefined` where there is none. What cannot be read is absent. */
export function evidenceIn(data: unknown): TelemetryEvidence | undefined {
  const found = at(data, 'evidence')
  const meshboard = numberAt(found, 'clocks', 'meshboard')
  if (meshboard === undefined) return undefined
  const prometheus = numberAt(found, 'clocks', 'prometheus')
  const number = (name: 'newestSample' | 'history' | 'moved') => {
    const value = numberAt(found, name)
    return value === undefined ? {} : { [name]: value }
  }
  const has = (name: string) => isObject(found) && found[name] !== undefined
  const texts = (...path: readonly string[]) => listAt(found, ...path).filter((each) => typeof each === 'string')
  return {
    clocks: { meshboard, ...(prometheus === undefined ? {} : { prometheus }) },
    ...number('newestSample'),
    ...number('history'),
    ...number('moved'),
    ...(has('reportersNow') ? { reportersNow: texts('reportersNow') } : {}),
    ...(has('reports') ? { reports: listAt(found, 'reports').map(reportsOf) } : {}),
    ...(has('missingLabels')
      ? {
          missingLabels: listAt(found, 'missingLabels').map((each) => ({
            label: textAt(each, 'label') ?? '',
            series: numberAt(each, 'series') ?? 0,
            of: numberAt(each, 'of') ?? 0,
          })),
        }
      : {}),
    ...(has('duplicates')
      ? {
          duplicates: {
            pods: numberAt(found, 'duplicates', 'pods') ?? 0,
            of: numberAt(found, 'duplicates', 'of') ?? 0,
            most: numberAt(found, 'duplicates', 'most') ?? 1,
            examples: texts('duplicates', 'examples'),
          },
        }
      : {}),
    ...(has('histograms')
      ? {
          histograms: {
            counts: numberAt(found, 'histograms', 'counts') ?? 0,
            buckets: numberAt(found, 'histograms', 'buckets') ?? 0,
            seconds: numberAt(found, 'histograms', 'seconds') ?? 0,
            native: numberAt(found, 'histograms', 'native') ?? 0,
          },
        }
      : {}),
    ...(has('recordingRules')
      ? {
          recordingRules: {
            count: numberAt(found, 'recordingRules', 'count') ?? 0,
            names: texts('recordingRules', 'names'),
          },
        }
      : {}),
    ...(has('targets')
      ? {
          targets: {
            down: numberAt(found, 'targets', 'down') ?? 0,
            all: numberAt(found, 'targets', 'all') ?? 0,
            examples: texts('targets', 'examples'),
          },
        }
      : {}),
  }
}

function reportsOf(each: unknown): NamespaceReports {
  return {
    namespace: textAt(each, 'namespace') ?? '',
    ownSource: numberAt(each, 'ownSource') ?? 0,
    ownDestination: numberAt(each, 'ownDestination') ?? 0,
    isHeardCalling: at(each, 'isHeardCalling') === true,
    isHeardCalled: at(each, 'isHeardCalled') === true,
  }
}
