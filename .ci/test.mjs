// The README's test command: build, the static checks, the unit tests, those on a real Kubernetes API, the journeys; then one line that counts them all.
// Runs every part even when one fails, so that one run tells all; exits non-zero when anything failed.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'

import { ensureBrowser } from './browser.mjs'

const results = 'test-results'
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
  return status === 0
}

function read(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
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
const unit = read(unitFile)
count(true, unit?.numPassedTests ?? 0)
count(false, unit?.numFailedTests ?? 0)
if (!unitOk && (unit?.numFailedTests ?? 0) === 0) count(false)

const clusterFile = `${results}/cluster.json`
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${clusterFile}`]
const clusterOk = run('a real Kubernetes API', 'npm', ['run', '--silent', 'test:cluster', '--', ...reporters])
const onCluster = read(clusterFile)
count(true, onCluster?.numPassedTests ?? 0)
count(false, onCluster?.numFailedTests ?? 0)
// A cluster that could not be built or started has run no test: a failure, not nothing.
if (!clusterOk && (onCluster?.numFailedTests ?? 0) === 0) count(false)

const journeysOk = built && ensureBrowser() && run('journeys', 'npx', ['playwright', 'test'])
const journeys = read(`${results}/e2e.json`)
count(true, (journeys?.stats?.expected ?? 0) + (journeys?.stats?.flaky ?? 0))
count(false, journeys?.stats?.unexpected ?? 0)
if ((journeys?.stats?.flaky ?? 0) > 0) console.log(`${journeys.stats.flaky} journeys passed only on their second try`)
if (!journeysOk && (journeys?.stats?.unexpected ?? 0) === 0) count(false)

console.log(`\n${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
