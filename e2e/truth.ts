import { demoInfo } from './start.ts'

interface Truth {
  readonly pairs: readonly {
    readonly source: Workload | null
    readonly destination: Workload | null
    readonly service: { readonly namespace: string; readonly name: string }
    readonly protocol: 'http' | 'grpc' | 'tcp'
    /** The faults that touch the pair inside the window. */
    readonly faults: readonly string[]
    readonly responses: readonly { readonly code: number | string; readonly flags: string; readonly rate: number }[]
  }[]
}

interface Workload {
  readonly cluster: string
  readonly namespace: string
  readonly workload: string
  readonly app: string
  readonly version: string
}

/** What the simulator says it did, on average over the `window` seconds before `at` (unix seconds). */
export async function truth(at: number, window: number): Promise<Truth> {
  const { simulator } = await demoInfo()
  const answer = await fetch(`${simulator}/demo/truth?at=${at}&window=${window}`)
  return (await answer.json()) as Truth
}

/** What one pair of versioned apps should show. */
interface Expected {
  /** Requests per second. */
  readonly rate: number
  /** A fault starts, ends or runs within the window: `rate()` is then off near the window's ends. */
  readonly isTroubled: boolean
}

/**
 * Requests per second between versioned apps, under the names that the table gives them: `from → to protocol` → what is expected.
 * Calls that reached no workload end at their service, under its name.
 */
export function expectedByName({ pairs }: Truth): Map<string, Expected> {
  const expected = new Map<string, Expected>()
  for (const { source, destination, service, protocol, responses, faults } of pairs) {
    const rate = responses.reduce((sum, response) => sum + response.rate, 0)
    if (protocol === 'tcp' || rate === 0) continue
    const name = `${nameOf(source)} → ${destination === null ? service.name : nameOf(destination)} ${protocol}`
    const known = expected.get(name)
    expected.set(name, {
      rate: (known?.rate ?? 0) + rate,
      isTroubled: faults.length > 0 || known?.isTroubled === true,
    })
  }
  return expected
}

function nameOf(workload: Workload | null): string {
  return workload === null ? 'unknown' : `${workload.app} ${workload.version}`
}
