import type { TestProject } from 'vitest/node'
import { type ClusterFacts, startControlPlane } from './controlPlane.ts'
import { seedCluster } from './seed.ts'

declare module 'vitest' {
  interface ProvidedContext {
    readonly cluster: ClusterFacts
  }
}

/** One real cluster for all files, seeded with the demo mesh. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const started = Date.now()
  const { facts, api, stop } = await startControlPlane()
  try {
    await seedCluster(api)
  } catch (error) {
    await stop()
    throw error
  }
  // Node reads it when a test's process starts: its own requests then trust the cluster.
  process.env['NODE_EXTRA_CA_CERTS'] = facts.caFile
  provide('cluster', facts)
  process.stderr.write(`A real kube-apiserver with the demo mesh in ${((Date.now() - started) / 1000).toFixed(1)} s\n`)
  return stop
}
