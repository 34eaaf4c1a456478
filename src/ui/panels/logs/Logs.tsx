import { Button, Checkbox, NativeSelect, Skeleton, TextInput } from '@mantine/core'
import { IconDownload, IconRefresh, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useMemo, useState } from 'react'

import { HttpError } from '../../../clients/errors.ts'
import { logQuery } from '../../queries/logs.ts'
import { useUrlState } from '../../urlState.tsx'
import { useView } from '../../view.tsx'
import { download } from '../metrics/exports.ts'
import { LineDetails } from './LineDetails.tsx'
import { linesMatching, linesOf, type LogLine } from './lines.ts'
import { LogLines } from './LogLines.tsx'
import { logWords } from './logWords.ts'
import classes from './Logs.module.css'
import { strings } from './strings.ts'

/** A pod and those of its containers that have a log. */
export interface LoggingPod {
  readonly namespace: string
  readonly name: string
  readonly containers: readonly string[]
}

const lengths = [1000, 10_000, 100_000] as const

/** The logs of some pods' containers, one at a time, as far as the viewer may read them. */
export function Logs({ pods }: { readonly pods: readonly LoggingPod[] }) {
  const { state: chosen, choose } = useUrlState(logWords)
  const [lines, setLines] = useState<number>(lengths[0])
  const [isPrevious, setPrevious] = useState(false)
  const pod = pods.find(({ name }) => name === chosen.pod) ?? pods[0]
  const container = pod?.containers.find((name) => name === chosen.container) ?? pod?.containers[0]
  return (
    <section className={classes['card']} aria-label={strings.title}>
      {pod === undefined || container === undefined ? (
        <p className={classes['state']}>{strings.noPods}</p>
      ) : (
        <>
          {chosen.pod !== undefined && chosen.pod !== pod.name && (
            <p className={classes['state']} role="status">
              {strings.goneFor(chosen.pod, pod.name)}
            </p>
          )}
          <div className={classes['toolbar']} role="group" aria-label={strings.title}>
            <NativeSelect
              size="sm"
              label={strings.pod}
              data={pods.map(({ name }) => name)}
              value={pod.name}
              onChange={(event) => choose({ pod: event.currentTarget.value })}
            />
            <NativeSelect
              size="sm"
              label={strings.container}
              data={[...pod.containers]}
              value={container}
              onChange={(event) => choose({ container: event.currentTarget.value })}
            />
            <NativeSelect
              size="sm"
              label={strings.lines}
              data={lengths.map((each) => ({ value: `${each}`, label: strings.last(each) }))}
              value={`${lines}`}
              onChange={(event) => setLines(Number(event.currentTarget.value))}
            />
            <Checkbox
              label={strings.previous}
              checked={isPrevious}
              onChange={(event) => setPrevious(event.currentTarget.checked)}
            />
          </div>
          <OneLog
            key={`${pod.name} ${container} ${lines} ${isPrevious}`}
            pod={pod}
            container={container}
            lines={lines}
            isPrevious={isPrevious}
          />
        </>
      )}
    </section>
  )
}

interface OneLogProps {
  readonly pod: LoggingPod
  readonly container: string
  readonly lines: number
  readonly isPrevious: boolean
}

function OneLog({ pod: { namespace, name }, container, lines, isPrevious }: OneLogProps) {
  const { cluster } = useView()
  const question = { cluster: cluster.name, namespace, pod: name, container, lines, isPrevious }
  const { data, error, isFetching, refetch } = useQuery(logQuery(question))
  const [text, setText] = useState('')
  const [onlyTrouble, setOnlyTrouble] = useState(false)
  const [line, setLine] = useState<LogLine>()
  // Typing goes before filtering 100,000 lines.
  const wanted = useDeferredValue(text)
  const all = useMemo(() => linesOf(data ?? ''), [data])
  const shown = useMemo(() => linesMatching(all, { text: wanted, onlyTrouble }), [all, wanted, onlyTrouble])

  if (data === undefined) {
    return error === null ? (
      <div className={classes['state']} role="status" aria-label={strings.loading}>
        <Skeleton height={320} />
      </div>
    ) : (
      <div className={classes['state']}>
        <p>
          <b>{strings.failed}</b>
        </p>
        <p>{error.message}</p>
        {error instanceof HttpError && error.status === 403 && <p>{strings.forbidden(namespace)}</p>}
        <Button size="xs" variant="outline" onClick={() => void refetch()}>
          {strings.refresh}
        </Button>
      </div>
    )
  }
  return (
    <>
      <div className={classes['toolbar']} role="group" aria-label={strings.filter}>
        <TextInput
          className={classes['filter'] ?? ''}
          size="sm"
          leftSection={<IconSearch size={15} stroke={1.5} aria-hidden />}
          aria-label={strings.filter}
          placeholder={strings.filter}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Checkbox
          label={strings.onlyTrouble}
          checked={onlyTrouble}
          onChange={(event) => setOnlyTrouble(event.currentTarget.checked)}
        />
        <span className={classes['count']} role="status">
          {strings.shown(shown.length, all.length)}
        </span>
        <Button
          size="xs"
          variant="default"
          loading={isFetching}
          leftSection={<IconRefresh size={15} stroke={1.6} aria-hidden />}
          onClick={() => void refetch()}
        >
          {strings.refresh}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDownload size={15} stroke={1.6} aria-hidden />}
          onClick={() => download(new Blob([data], { type: 'text/plain' }), `${name}-${container}.log`)}
        >
          {strings.download}
        </Button>
      </div>
      {error !== null && <p className={classes['state']}>{error.message}</p>}
      {shown.length === 0 ? (
        <p className={classes['state']}>{all.length === 0 ? strings.empty : strings.filtered(all.length)}</p>
      ) : (
        <LogLines lines={shown} chosen={line?.index} onChoose={setLine} />
      )}
      <LineDetails line={line?.text} />
    </>
  )
}
