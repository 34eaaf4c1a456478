import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'

import { compareRuns } from './compare.ts'
import { type EngineFigures, measureEngine } from './engine.ts'
import { growMesh } from './mesh.ts'
import { openBrowser, type PageFigures } from './page.ts'
import { measureCommand, measureQuestions, type QuestionFigures } from './questions.ts'
import { measureScopes, type ScopeFigures } from './scope.ts'
import { serveMesh } from './serve.ts'
import { cpuWatch, growth, median } from './stats.ts'
import { table } from './table.ts'
import { measureViewers, type ViewerFigures } from './viewers.ts'

const baseline = 'bench/baseline.json'
const help = `Usage: npm run bench -- [options]

  --parts engine,questions,viewers,scopes,command,pages
                                 only some of it
  --sizes 50,200,500,1000,2000   workloads of the meshes written into Prometheus (5 edges each)
  --pages 50,200,500,1000        those of them that are opened in Chromium
  --query grouping=off           more words for the address they are opened at
  --engine 500,1000,2000,4000    meshes given straight to the engine
  --runs 5                       every figure is the median of so many
  --seed 1                       another seed, other meshes
  --compare                      says what moved since ${baseline}, and ends with 3 when something became worse
  --keep                         writes the parts that ran over ${baseline}, to be reviewed like code
`

const { values } = parseArgs({
  options: {
    parts: { type: 'string', default: 'engine,questions,viewers,scopes,command,pages' },
    sizes: { type: 'string', default: '50,200,500,1000,2000' },
    pages: { type: 'string', default: '50,200,500,1000' },
    query: { type: 'string', default: '' },
    engine: { type: 'string', default: '50,200,500,1000,2000,4000' },
    runs: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    compare: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const listOf = (text: string) => text.split(',').map(Number).filter((size) => size > 0) // prettier-ignore
const hasPart = (part: string) => values.parts.split(',').includes(part)
const [runs, seed] = [Number(values.runs), Number(values.seed)]
const results = 'test-results/bench/results.json'
/** Layouts of more nodes than this take longer than anybody would wait. */
const mostLaidOut = 2000

interface Results {
  readonly made: string
  readonly machine: {
    readonly cpu: string
    readonly cores: number
    readonly memoryGigabytes: number
    readonly node: string
  }
  readonly recipe: { readonly seed: number; readonly edgesPerWorkload: number; readonly runs: number }
  /** How long a fixed piece of work took on this machine in this run: what other runs' times are scaled by. */
  readonly yardstickMs: number
  readonly engine: readonly EngineFigures[]
  readonly growth: Readonly<Record<string, number | undefined>>
  readonly questions: readonly (QuestionFigures & { readonly workloads: number })[]
  readonly viewers: readonly (ViewerFigures & { readonly workloads: number })[]
  readonly scopes: readonly ScopeFigures[]
  readonly command: readonly object[]
  readonly memory: readonly object[]
  readonly pages: readonly (PageFigures & { readonly workloads: number })[]
}

const say = (text: string) => process.stdout.write(`${text}\n`)

async function measureAll(): Promise<Results> {
  const yardsticks = [yardstick()]
  say('Engine: JSON to verdicts to places. Milliseconds of processor time.')
  const engine: EngineFigures[] = []
  for (const workloads of hasPart('engine') ? listOf(values.engine) : []) {
    engine.push(await measureEngine(growMesh({ seed, workloads }), Math.max(runs, 9), workloads <= mostLaidOut))
  }
  say(table(engine))
  const exponents = growthOf(engine)
  say(`growth with the number of edges, from 500 workloads: ${JSON.stringify(exponents)}\n`)

  const questions: Results['questions'][number][] = []
  const viewers: Results['viewers'][number][] = []
  const command: object[] = []
  const memory: object[] = []
  const pages: Results['pages'][number][] = []
  const scopes = (hasPart('scopes') ? await attempt('scopes', measureWide) : undefined) ?? []
  const isServed = ['questions', 'viewers', 'command', 'pages'].some(hasPart)
  const browser = hasPart('pages') ? await openBrowser() : undefined
  try {
    for (const workloads of isServed ? listOf(values.sizes) : []) {
      const mesh = growMesh({ seed, workloads })
      const served = await serveMesh(mesh)
      const { series, samples } = served.filled
      say(`${workloads} workloads: ${series} series, ${samples} samples in Prometheus.`)
      try {
        if (hasPart('questions')) {
          const measured = await attempt('questions', () => measureQuestions(served, runs))
          questions.push(...(measured ?? []).map((figures) => ({ workloads, ...figures })))
        }
        if (hasPart('viewers')) {
          const namespaces = [...new Set(mesh.workloads.map(({ namespace }) => namespace))]
          const measured = await attempt('viewers', () => measureViewers(served, namespaces, runs))
          viewers.push(...(measured ?? []).map((figures) => ({ workloads, ...figures })))
        }
        if (hasPart('command')) {
          const measured = await attempt('command', () => measureCommand(served, runs))
          if (measured !== undefined) command.push({ workloads, ...measured })
        }
        if (listOf(values.pages).includes(workloads) && browser !== undefined) {
          const measured = await attempt('pages', () =>
            browser.measure(served, runs, values.query === '' ? '' : `&${values.query}`),
          )
          if (measured !== undefined) pages.push({ workloads, ...measured })
        }
        memory.push({
          workloads,
          proxyMegabytes: await peakMegabytes(served.pids.proxy),
          prometheusMegabytes: await peakMegabytes(served.pids.prometheus),
        })
      } finally {
        await served.stop()
      }
    }
  } finally {
    await browser?.close()
  }
  say(`\nQuestions: one curl to Prometheus, one to the proxy. Milliseconds.\n${table(questions)}`)
  say(`\nViewers at once: 60 answers to requests, 20 at a time.\n${table(viewers)}`)
  const wide = `${scopeMesh.workloads} workloads in ${scopeMesh.namespaces} namespaces`
  say(`\nOne refresh of the graph as Prometheus sees it, by scope: ${wide}.\n${table(scopes)}`)
  say(`\nmeshboard graph beside one curl for the same queries. Milliseconds.\n${table(command)}`)
  say(`\nThe most memory the two processes ever took.\n${table(memory)}`)
  say(`\nThe page in Chromium, software rendering. Milliseconds.\n${table(pages)}`)

  const [cpu] = cpus()
  yardsticks.push(yardstick())
  const all: Results = {
    made: new Date().toISOString(),
    machine: {
      ...{ cpu: cpu?.model ?? 'unknown', cores: cpus().length, node: process.version },
      memoryGigabytes: Math.round(totalmem() / 1e9),
    },
    recipe: { seed, edgesPerWorkload: 5, runs },
    yardstickMs: median(yardsticks) ?? Number.NaN,
    ...{ engine, growth: exponents, questions, viewers, scopes, command, memory, pages },
  }
  await mkdir('test-results/bench', { recursive: true })
  await writeFile(results, `${JSON.stringify(all, null, 2)}\n`)
  say(`\nAll figures: ${results}`)
  return all
}

/** What a part found; where it fails (an overloaded machine lets a question run out of time) that is said, and the others go on. */
async function attempt<T>(part: string, measure: () => Promise<T>): Promise<T | undefined> {
  try {
    return await measure()
  } catch (error) {
    say(`${part}: not measured: ${error instanceof Error ? error.message.slice(-300) : String(error)}`)
    process.exitCode = 1
    return undefined
  }
}

const scopeMesh = { workloads: 1000, namespaces: 500 }

/** One mesh of many small namespaces, asked about in scopes of several sizes. */
async function measureWide(): Promise<readonly ScopeFigures[]> {
  const mesh = growMesh({ seed, ...scopeMesh })
  const served = await serveMesh(mesh)
  try {
    const namespaces = [...new Set(mesh.workloads.map(({ namespace }) => namespace))]
    return await measureScopes(served, namespaces, runs)
  } finally {
    await served.stop()
  }
}

/** Processor time of a fixed piece of the kind of work that the engine does: JSON to objects, maps, a sort. Milliseconds, the best of nine. */
function yardstick(): number {
  const text = JSON.stringify(
    Array.from({ length: 20_000 }, (_, index) => ({ name: `w-${(index * 7919) % 20_000}`, index })),
  )
  let best = Number.POSITIVE_INFINITY
  for (let turn = 0; turn < 9; turn++) {
    const watch = cpuWatch()
    const rows = JSON.parse(text) as readonly { readonly name: string; readonly index: number }[]
    const byName = new Map(rows.map((row) => [row.name, row.index]))
    void [...byName].sort(([one], [other]) => (one < other ? -1 : 1))
    best = Math.min(best, watch())
  }
  return best
}

/** Writes the parts that ran over the baseline; those that did not stay as they were. */
async function keep(all: Results): Promise<void> {
  const text = await readFile(baseline, 'utf8').catch(() => '{}')
  // Written by an earlier run of this program.
  const before = JSON.parse(text) as Partial<Results>
  const ran = new Set(['made', 'machine', 'recipe', 'yardstickMs', ...values.parts.split(',')])
  if (hasPart('engine')) ran.add('growth')
  if (values.parts.split(',').some((part) => part !== 'engine' && part !== 'scopes')) ran.add('memory')
  const old = new Map<string, unknown>(Object.entries(before))
  const kept = Object.entries<unknown>({ ...all }).map(([part, rows]) => [part, ran.has(part) ? rows : old.get(part)])
  await writeFile(baseline, `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`)
}

async function compare(after: Results): Promise<void> {
  const text = await readFile(baseline, 'utf8').catch(() => undefined)
  if (text === undefined) {
    say(`\nThere is no ${baseline} to compare with: --keep makes one.`)
    return
  }
  // Written by an earlier run of this program.
  const before = JSON.parse(text) as Results
  // Through JSON, as the other: what could not be measured is null there.
  const moves = compareRuns({ ...before }, { ...(JSON.parse(JSON.stringify(after)) as Results) })
  const asked = moves.filter(({ verdict }) => verdict !== 'gone')
  say(
    `\nWhat moved since ${before.made} (times on this machine's scale, yardstick ${after.yardstickMs.toFixed(1)} ms):`,
  )
  say(asked.length === 0 ? 'Nothing beyond noise.' : table(asked))
  if (asked.some(({ verdict }) => verdict === 'worse')) process.exitCode = 3
}

function growthOf(engine: readonly EngineFigures[]): Readonly<Record<string, number | undefined>> {
  const steps = ['engine', 'callers', 'graph', 'health', 'view', 'scene', 'layout'] as const
  const large = engine.filter(({ workloads }) => workloads >= 500)
  return Object.fromEntries(
    steps.map((step) => {
      const exponent = growth(
        large.flatMap((row) => (row[step] === undefined ? [] : [[row.edges, row[step]] as const])),
      )
      return [step, exponent === undefined ? undefined : Math.round(exponent * 100) / 100]
    }),
  )
}

/** Where Linux keeps it (https://man7.org/linux/man-pages/man5/proc_pid_status.5.html); elsewhere `undefined`. */
async function peakMegabytes(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]
  return kilobytes === undefined ? undefined : Math.round(Number(kilobytes) / 1000)
}

if (values.help) say(help)
else {
  const all = await measureAll()
  if (values.compare) await compare(all)
  if (values.keep) await keep(all)
}
