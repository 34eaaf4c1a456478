import { useMemo } from 'react'

import { policyWith, type HealthPolicy } from '../mesh/policy.ts'
import { useView } from './view.tsx'

/** What the page judges by: the cluster's own rules, then the built-in ones. The same object until the rules change. */
export function useHealthPolicy(): HealthPolicy {
  const { health } = useView().cluster
  return useMemo(() => policyWith(health), [health])
}
