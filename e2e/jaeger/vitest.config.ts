import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** `npm run test:jaeger`: traces against a real Jaeger. MESHBOARD_RECORD=1 writes down what it answers. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    name: 'jaeger',
    environment: 'node',
    include: ['e2e/jaeger/**/*.test.ts'],
    testTimeout: 120_000,
    // The first run builds Jaeger.
    hookTimeout: 50 * 60_000,
  },
})
