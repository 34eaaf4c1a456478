import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

// A shared machine may stall for longer than a test waits: in CI a second try counts, and the report names it.
const retry = process.env['CI'] === undefined ? 0 : 1

/**
 * Two halves from one file: `vite build` makes the page (dist/app), `vite build --ssr` makes the `meshboard` command (dist/meshboard.js).
 * The page's asset URLs are relative: the proxy's `<base href>` decides under which prefix they are found.
 */
export default defineConfig(({ isSsrBuild }) => ({
  base: './',
  plugins: [react()],
  build: isSsrBuild
    ? {
        ssr: true,
        outDir: 'dist',
        emptyOutDir: false,
        target: 'node20',
        sourcemap: true,
        rolldownOptions: {
          input: { meshboard: 'src/cli/main.ts' },
          output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
        },
      }
    : { outDir: 'dist/app', emptyOutDir: true, target: 'es2022', sourcemap: false, manifest: true },
  worker: { format: 'es' },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          retry,
          // A limit for what hangs, not for what a busy machine does slowly.
          testTimeout: 60_000,
          hookTimeout: 120_000,
          include: ['src/{mesh,clients,proxy,rancher,demo,cli}/**/*.test.ts', 'bench/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'dom',
          environment: 'jsdom',
          retry,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          include: ['src/ui/**/*.test.{ts,tsx}'],
          setupFiles: ['src/ui/testing/setup.ts'],
        },
      },
    ],
  },
}))
