import type { Outcome, Workload } from './model.ts'

/** What some of a workload's requests are classified as, and how many of them. */
export interface OperationShare {
  /** Absent: not classified. */
  readonly operation?: string
  readonly share: number
}

/**
 * What Istio's attribute generator makes of requests where a team set it up: the apps that do, with how good and how bad answers fall on
 * their operations (https://istio.io/latest/docs/tasks/observability/metrics/classify-metrics/). Elsewhere nothing is classified.
 */
const classified: Readonly<Record<string, { readonly good: readonly OperationShare[]; readonly bad: string }>> = {
  'bookinfo/reviews': {
    good: [
      { operation: 'ListReviews', share: 0.66 },
      { operation: 'GetReview', share: 0.22 },
      { operation: 'CreateReview', share: 0.08 },
      { share: 0.04 },
    ],
    bad: 'ListReviews',
  },
  'shop-core/checkout': {
    good: [
      { operation: 'PreviewOrder', share: 0.42 },
      { operation: 'PlaceOrder', share: 0.58 },
    ],
    bad: 'PlaceOrder',
  },
}

/** How an outcome's requests fall on operations; `undefined` for apps that classify none. */
export function operationsOf(
  { namespace, app }: Workload,
  { code, grpcStatus = 0 }: Pick<Outcome, 'code' | 'grpcStatus'>,
): readonly OperationShare[] | undefined {
  const known = classified[`${namespace}/${app}`]
  if (known === undefined) return undefined
  return code === 200 && grpcStatus === 0 ? known.good : [{ operation: known.bad, share: 1 }]
}
