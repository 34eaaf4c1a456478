// The README's test command: build, the static checks, the unit tests, those on a real Kubernetes API, the journeys; then one line that counts them all.
// Runs every part even when one fails, so that one run tells all; exits non-zero when anything failed.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { relative } from 'node:path'

import { ensureBrowser } from './browser.mjs'

const results = 'test-results'
/** What failed, by name, said again at the end: a log is often read from its last lines alone. */
const broken = []
rmSync(results, { recursive: true, force: true })
mkdirSync(results, { recursive: true })

let passed = 0
let failed = 0
const count = (ok, times = 1) => (ok ? (passed += times) : (failed += times))

/** Runs one command with its output shown; says whether it ended well. */
function run(title, command, args) {
  console.log(`\n== ${title}`)
  const started = Date.now()
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', env: process.env })
  if (error) console.error(String(error))
  console.log(`== ${title}: ${status === 0 ? 'ok' : 'failed'}, ${((Date.now() - started) / 1000).toFixed(1)} s`)
  if (status !== 0) broken.push(title)
  return status === 0
}

function read(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}

/** Adds vitest's report to the count, and the failed tests' names with the first lines of why. */
function countVitest(file, ok) {
  const report = read(file)
  count(true, report?.numPassedTests ?? 0)
  count(false, report?.numFailedTests ?? 0)
  // A suite that could not be built or started has run no test: a failure, not nothing.
  if (!ok && (report?.numFailedTests ?? 0) === 0) count(false)
  for (const suite of report?.testResults ?? []) {
    if (suite.status === 'failed' && suite.message)
      broken.push(`  ${relative('.', suite.name)}: ${firstLines(suite.message)}`)
    for (const test of suite.assertionResults) {
      if (test.status !== 'failed') continue
      broken.push(`  ${relative('.', suite.name)}: ${test.fullName}: ${firstLines(test.failureMessages.join('\n'))}`)
    }
  }
}

function firstLines(text) {
  return text.split('\n').slice(0, 4).join(' ').slice(0, 600)
}

const built = run('build', 'npm', ['run', '--silent', 'build'])
count(built)
for (const step of ['types', 'lint', 'rooms', 'unused', 'format:check']) {
  count(run(step, 'npm', ['run', '--silent', step]))
}

const unitFile = `${results}/unit.json`
const unitOk = run('unit', 'npx', [
  'vitest',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${unitFile}`,
])
countVitest(unitFile, unitOk)

const clusterFile = `${results}/cluster.json`
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${clusterFile}`]
const clusterOk = run('a real Kubernetes API', 'npm', ['run', '--silent', 'test:cluster', '--', ...reporters])
countVitest(clusterFile, clusterOk)

const journeysOk = built && ensureBrowser() && run('journeys', 'npx', ['playwright', 'test'])
const journeys = read(`${results}/e2e.json`)
count(true, (journeys?.stats?.expected ?? 0) + (journeys?.stats?.flaky ?? 0))
count(false, journeys?.stats?.unexpected ?? 0)
if ((journeys?.stats?.flaky ?? 0) > 0) console.log(`${journeys.stats.flaky} journeys passed only on their second try`)
if (!journeysOk && (journeys?.stats?.unexpected ?? 0) === 0) count(false)

if (broken.length > 0) console.log(`\nFailed:\n${broken.join('\n')}`)
console.log(`\n${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
