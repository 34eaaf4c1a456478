// Bundles the bench and runs it: what is measured is compiled as it ships, and nothing else is needed to run TypeScript.
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
process.chdir(root)
await build({
  configFile: false,
  root,
  logLevel: 'warn',
  build: {
    ssr: 'bench/main.ts',
    outDir: 'test-results/bench/built',
    emptyOutDir: true,
    target: 'node20',
    minify: false,
  },
})
await import('../test-results/bench/built/main.js')
