import { expect, inject, test } from 'vitest'
import { connectTo } from './api.ts'
import { kubernetesVersion } from './binaries.ts'

test('the cluster is the Kubernetes it says it is', async () => {
  const api = connectTo(inject('cluster'))
  const { json } = await api.demand('GET', '/version')
  expect(json).toMatchObject({ gitVersion: kubernetesVersion })
})
