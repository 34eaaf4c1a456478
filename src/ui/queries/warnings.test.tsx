import { notifyManager, QueryClient, QueryClientProvider, QueryObserver } from '@tanstack/react-query'
import { act, renderHook } from '@testing-library/react'
import type { ReactNode } from 'react'
import { beforeAll, expect, test } from 'vitest'

import { useWarnings } from './warnings.ts'

// At once, so that what is not told is known not to be told later.
beforeAll(() => notifyManager.setScheduler((tell) => tell()))

function open() {
  const client = new QueryClient()
  const wrapper = ({ children }: { readonly children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  )
  const { result } = renderHook(() => useWarnings('east'), { wrapper })
  const put = (queryKey: readonly unknown[], data: object) => {
    act(() => void client.setQueryData(queryKey, data))
    return queryKey
  }
  const answer = (about: object, at: number, warnings: readonly string[]) =>
    put(['telemetry', about, { seconds: 300, at }], { warnings })
  const show = (queryKey: readonly unknown[]) => {
    const observer = new QueryObserver(client, {
      queryKey,
      queryFn: () => new Promise<never>(() => {}),
      staleTime: Infinity,
    })
    let hide = () => {}
    act(() => void (hide = observer.subscribe(() => {})))
    return () => act(() => hide())
  }
  return { result, answer, put, show }
}

const requests = { cluster: 'east', question: 'requests' }

test('what an answer on the screen warns of is told once; another cluster’s, Explore’s and hidden ones’ are not', () => {
  const { result, answer, show } = open()
  show(answer(requests, 60, ['store b is down', 'store a is down']))
  show(answer({ cluster: 'east', question: 'tcp' }, 60, ['store a is down']))
  show(answer({ cluster: 'west', question: 'requests' }, 60, ['store w is down']))
  show(answer({ cluster: 'east', promql: 'up' }, 60, ['store e is down']))
  answer({ cluster: 'east', question: 'mtls' }, 60, ['store m is down'])
  expect(result.current).toEqual(['store a is down', 'store b is down'])
})

test('so is what the facts and the doctor’s evidence warn of', () => {
  const { result, put, show } = open()
  const about = { cluster: 'east', namespaces: [], project: undefined }
  show(put(['facts', about, { seconds: 300, at: 60 }], { asked: { warnings: ['store f is down'] } }))
  const hide = show(put(['doctor', about, 300], { asked: { warnings: ['store d is down'] } }))
  show(put(['kubernetes', 'east', 'mesh-objects'], { asked: { warnings: ['no store'] } }))
  expect(result.current).toEqual(['store d is down', 'store f is down'])
  hide()
  expect(result.current).toEqual(['store f is down'])
})

test('it stands while the next instant is asked, and goes with an answer that is whole', () => {
  const { result, answer, show } = open()
  const hide = show(answer(requests, 60, ['store a is down']))
  hide()
  show(['telemetry', requests, { seconds: 300, at: 75 }])
  expect(result.current).toEqual(['store a is down'])
  answer(requests, 75, [])
  expect(result.current).toEqual([])
})
