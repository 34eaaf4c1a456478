import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** `npm run test:cluster`: what needs a real Kubernetes API. The files share one cluster, so they run one after another. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    name: 'cluster',
    environment: 'node',
    retry: process.env['CI'] === undefined ? 0 : 1,
    pool: 'forks',
    fileParallelism: false,
    globalSetup: './e2e/cluster/setup.ts',
    include: ['e2e/cluster/**/*.test.ts'],
    testTimeout: 90_000,
    hookTimeout: 120_000,
  },
})
