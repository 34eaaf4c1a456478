// Bundles the load test and runs it, as run.mjs does the bench.
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
process.chdir(root)
await build({
  configFile: false,
  root,
  logLevel: 'warn',
  build: {
    ssr: 'bench/viewers/main.ts',
    outDir: 'test-results/bench/viewers',
    emptyOutDir: true,
    target: 'node20',
    minify: false,
  },
})
await import('../test-results/bench/viewers/main.js')
