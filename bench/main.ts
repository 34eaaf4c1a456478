import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'

import { type EngineFigures, measureEngine } from './engine.ts'
import { growMesh } from './mesh.ts'
import { openBrowser, type PageFigures } from './page.ts'
import { measureCommand, measureQuestions, type QuestionFigures } from './questions.ts'
import { serveMesh } from './serve.ts'
import { growth } from './stats.ts'
import { table } from './table.ts'

const help = `Usage: npm run bench -- [options]

  --parts engine,questions,command,pages
                                 only some of it
  --sizes 50,200,500,1000,2000   workloads of the meshes written into Prometheus (5 edges each)
  --pages 50,200,500,1000        those of them that are opened in Chromium
  --engine 500,1000,2000,4000    meshes given straight to the engine
  --runs 5                       every figure is the median of so many
  --seed 1                       another seed, other meshes
`

const { values } = parseArgs({
  options: {
    parts: { type: 'string', default: 'engine,questions,command,pages' },
    sizes: { type: 'string', default: '50,200,500,1000,2000' },
    pages: { type: 'string', default: '50,200,500,1000' },
    engine: { type: 'string', default: '50,200,500,1000,2000,4000' },
    runs: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
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
  readonly engine: readonly EngineFigures[]
  readonly growth: Readonly<Record<string, number | undefined>>
  readonly questions: readonly (QuestionFigures & { readonly workloads: number })[]
  readonly command: readonly object[]
  readonly memory: readonly object[]
  readonly pages: readonly (PageFigures & { readonly workloads: number })[]
}

const say = (text: string) => process.stdout.write(`${text}\n`)

async function measureAll(): Promise<void> {
  say('Engine: one thread, JSON to verdicts to places. Milliseconds.')
  const engine: EngineFigures[] = []
  for (const workloads of hasPart('engine') ? listOf(values.engine) : []) {
    engine.push(await measureEngine(growMesh({ seed, workloads }), Math.max(runs, 9), workloads <= mostLaidOut))
  }
  say(table(engine))
  const exponents = growthOf(engine)
  say(`growth with the number of edges, from 500 workloads: ${JSON.stringify(exponents)}\n`)

  const questions: Results['questions'][number][] = []
  const command: object[] = []
  const memory: object[] = []
  const pages: Results['pages'][number][] = []
  const isServed = ['questions', 'command', 'pages'].some(hasPart)
  const browser = hasPart('pages') ? await openBrowser() : undefined
  try {
    for (const workloads of isServed ? listOf(values.sizes) : []) {
      const served = await serveMesh(growMesh({ seed, workloads }))
      const { series, samples } = served.filled
      say(`${workloads} workloads: ${series} series, ${samples} samples in Prometheus.`)
      try {
        if (hasPart('questions')) {
          questions.push(...(await measureQuestions(served, runs)).map((figures) => ({ workloads, ...figures })))
        }
        if (hasPart('command')) command.push({ workloads, ...(await measureCommand(served, runs)) })
        if (listOf(values.pages).includes(workloads) && browser !== undefined) {
          pages.push({ workloads, ...(await browser.measure(served, runs)) })
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
  say(`\nmeshboard graph beside one curl for the same queries. Milliseconds.\n${table(command)}`)
  say(`\nThe most memory the two processes ever took.\n${table(memory)}`)
  say(`\nThe page in Chromium, software rendering. Milliseconds.\n${table(pages)}`)

  const [cpu] = cpus()
  const all: Results = {
    made: new Date().toISOString(),
    machine: {
      ...{ cpu: cpu?.model ?? 'unknown', cores: cpus().length, node: process.version },
      memoryGigabytes: Math.round(totalmem() / 1e9),
    },
    recipe: { seed, edgesPerWorkload: 5, runs },
    ...{ engine, growth: exponents, questions, command, memory, pages },
  }
  await mkdir('test-results/bench', { recursive: true })
  await writeFile(results, `${JSON.stringify(all, null, 2)}\n`)
  say(`\nAll figures: ${results}`)
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
else await measureAll()
